#pragma once

#include <optional>
#include <set>

#include "backup/alarm.hpp"
#include "backup/observer.hpp"
#include "base/clock.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// Notices when EC2 does not answer while servers are down, and gives the alarm for each of them:
/// after a minute, and after 3, 9 and 27 minutes and so on; and says when EC2 answers again.
class Silence {
 public:
  Silence(Clock& clock, Observer& observer) : clock_(clock), observer_(observer) {}

  /// While it lives a server is down, and nobody else gives the alarm for it.
  class Down {
   public:
    Down(Silence& silence, InstanceId instance);
    ~Down();
    Down(const Down&) = delete;
    Down& operator=(const Down&) = delete;

   private:
    Silence& silence_;
    InstanceId instance_;
  };

  /// EC2 has answered a call, whatever it said.
  void heard();

  /// A call that was made at that time has found no answer.
  void heard_nothing(Instant called, const Error& why);

 private:
  void say_of_all(Step step, const std::string& what, const std::string& hint) const;

  Clock& clock_;
  Observer& observer_;
  std::set<InstanceId> down_;
  Instant last_answer_;
  std::optional<Instant> since_;
  std::optional<Alarm> alarm_;
  bool has_rung_ = false;
};

/// Tells a Silence what becomes of the calls.
class ListeningCaller final : public ec2::Caller {
 public:
  ListeningCaller(ec2::Caller& next, Clock& clock, Silence& silence)
      : next_(next), clock_(clock), silence_(silence) {}

  Task<Result<ec2::Reply>> call(ec2::Call call) override;

 private:
  ec2::Caller& next_;
  Clock& clock_;
  Silence& silence_;
};

}  // namespace pitstop
