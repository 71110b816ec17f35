#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "aws/identity.hpp"
#include "aws/scheduler.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "ec2/query_caller.hpp"

namespace pitstop::test {

/// A fact of the contract that does not hold, and what was seen in its place.
struct Broken {
  std::string fact;
  std::string seen;
};

inline constexpr auto region = "us-east-1";
inline constexpr auto other_region = "eu-west-1";

/// An EC2 that one item of the contract is held against, and what it broke of it.
class Subject {
 public:
  /// Time passes in it as the clock says. `endpoint` without a slash at its end.
  Subject(Http& http, std::string endpoint, Clock& clock);
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  /// One signed exchange, for what goes by below the typed verbs: "Action=…&…".
  Task<HttpResponse> post(std::string form);

  /// A client token that no other call has.
  std::string new_token();

  /// States a fact. It may be stated several times, and has to hold each time.
  void expect(std::string_view fact, bool holds, std::string seen);

  /// States that EC2 refused it with this code; without a code, with any of its own.
  template <class T>
  void expect_refused(std::string_view fact, const Result<T>& answer, std::string_view code = {}) {
    if (answer) {
      expect(fact, false, "it was accepted");
    } else {
      expect_refusal(fact, answer.error(), code);
    }
  }

  const std::vector<Broken>& broken() const { return broken_; }
  /// How many facts were stated.
  int stated() const { return stated_; }

 private:
  void expect_refusal(std::string_view fact, const Error& error, std::string_view code);

  Http& http_;
  std::string endpoint_;
  Identity identity_;
  Identity identity_elsewhere_;
  SeededRandom random_{1};
  int tokens_ = 0;
  int stated_ = 0;
  std::vector<Broken> broken_;

 public:
  /// Makes each call once, without retries; in `region`.
  ec2::QueryCaller caller;
  /// The same in `other_region`.
  ec2::QueryCaller elsewhere;
  Clock& clock;
  /// EventBridge Scheduler at the same endpoint.
  Scheduler scheduler;
};

/// What an item cannot go on without does not work; that ends it.
struct CannotGoOn : std::runtime_error {
  CannotGoOn(std::string_view what, std::string_view why);

  Broken broken;
};

/// The value of an answer that an item needs: "StopInstances works" is a fact of the contract, too.
template <class T>
T needed(std::string_view what, Result<T> answer) {
  if (!answer) {
    throw CannotGoOn(what, answer.error().message);
  }
  if constexpr (!std::is_void_v<T>) {
    return *std::move(answer);
  }
}

}  // namespace pitstop::test
