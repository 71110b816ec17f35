#pragma once

#include <optional>
#include <string>

#include "aws/identity.hpp"
#include "aws/start_schedule.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "http/http.hpp"

namespace pitstop {

/// EventBridge Scheduler (version 2021-06-30), as far as pitstop needs it: schedules that start a
/// server, one of a name.
///
/// Calls are made again as their errors say, with the waits of base/backoff, until `patience` ends
/// (that of the call, or the usual one).
/// None of them does harm when it is made twice. The error of a create or a remove that may have
/// happened is `unknown_fate`, whatever the last attempt said.
class Scheduler {
 public:
  /// `attempt_timeout` is how long one attempt of a call may take.
  Scheduler(Http& http, Identity& identity, Clock& clock, Random& random,
            Milliseconds attempt_timeout, Duration patience)
      : http_(http),
        identity_(identity),
        clock_(clock),
        random_(random),
        attempt_timeout_(attempt_timeout),
        patience_(patience) {}

  /// Makes a schedule. `held` if there is one of its name that somebody else made: who has written
  /// the same description is us.
  Task<Status> create(StartSchedule schedule);

  /// `not_found` if there is none of that name, or if it was made a moment ago.
  Task<Result<FoundSchedule>> find(std::string name, std::optional<Duration> patience = {});

  /// One that is not there is no error.
  Task<Status> remove(std::string name, std::optional<Duration> patience = {});

 private:
  struct Call;
  struct Outcome;

  /// Until it has an answer that lasts.
  Task<Outcome> call(Call call);
  /// Once: the body of a success.
  Task<Result<std::string>> attempt(Call call);
  Result<HttpRequest> request_for(const Call& call) const;

  Http& http_;
  Identity& identity_;
  Clock& clock_;
  Random& random_;
  Milliseconds attempt_timeout_;
  Duration patience_;
};

}  // namespace pitstop
