#pragma once

#include <optional>
#include <string>

#include "aws/service_caller.hpp"
#include "aws/start_schedule.hpp"

namespace pitstop {

/// EventBridge Scheduler (version 2021-06-30), as far as pitstop needs it: schedules that start a
/// server, one of a name.
///
/// Calls are made again as ServiceCaller does. None of them does harm when it is made twice. The
/// error of a create or a remove that may have happened is `unknown_fate`, whatever the last
/// attempt said.
class Scheduler {
 public:
  /// `attempt_timeout` is how long one attempt of a call may take.
  Scheduler(Http& http, Identity& identity, Clock& clock, Random& random,
            Milliseconds attempt_timeout, Duration patience);

  /// Makes a schedule. `held` if there is one of its name that somebody else made: who has written
  /// the same description is us.
  Task<Status> create(StartSchedule schedule);

  /// `not_found` if there is none of that name, or if it was made a moment ago.
  Task<Result<FoundSchedule>> find(std::string name, std::optional<Duration> patience = {});

  /// One that is not there is no error.
  Task<Status> remove(std::string name, std::optional<Duration> patience = {});

 private:
  ServiceCaller caller_;
  Identity& identity_;
  Random& random_;
};

}  // namespace pitstop
