#pragma once

#include <limits>
#include <mutex>
#include <string_view>
#include <vector>

#include "support/fault_script.hpp"

// What is between the rules that a test makes and the connections that act on them.
namespace pitstop::test {

enum class Afterwards { keep_connection, close_connection };

/// One call, from the side of the server.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// What a server without faults would answer. The effect, if there is one, has happened when it
  /// returns.
  virtual HttpResponse reply() = 0;
  virtual void send(std::string_view bytes) = 0;
  virtual void pause(Milliseconds length) = 0;
  virtual void await_departure() = 0;
  virtual void reset_when_closed() = 0;
};

using Delivery = std::function<Afterwards(Exchange&)>;

/// What is to be done about one call; what no rule has set is as it would be without faults.
struct FaultPlan {
  Milliseconds delay{};
  Answer answer;
  std::vector<Rewrite> rewrites;
  Delivery deliver;
};

struct FaultRule {
  std::string calls;  ///< which, in words
  std::function<bool(const RecordedRequest&)> matches;
  std::size_t first = 1;
  std::size_t last = std::numeric_limits<std::size_t>::max();
  std::size_t uses_expected = 1;

  std::string fault;                       ///< in words
  std::function<bool(FaultPlan&)> change;  ///< false if an earlier rule stands against it

  std::size_t seen = 0;
  std::size_t used = 0;
};

/// The rules of one server, in the order in which they were made. May be used by several threads.
class FaultScript {
 public:
  Occasion on(std::string calls, std::function<bool(const RecordedRequest&)> matches);
  void add(std::shared_ptr<FaultRule> rule);
  FaultPlan plan_for(const RecordedRequest& request);
  std::vector<std::string> unused() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<FaultRule>> rules_;
};

}  // namespace pitstop::test
