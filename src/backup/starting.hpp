#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// Step 4 of the pit stop: the server comes back, whatever came of the steps before.
namespace pitstop {

/// How long a server must stay `running` before it counts as back: a start for which a KMS grant is
/// missing falls back within seconds.
constexpr Duration usual_trial_run = Seconds(3);

/// The same when it is not known whether the stop happened: it may take effect late.
constexpr Duration trial_run_after_lost_stop = Seconds(60);

struct Starting {
  /// Nothing only if nobody can start it any more (it was terminated): then `status` says so.
  std::optional<Instant> running_since;
  Status status;
  int polls = 0;
};

struct Comeback {
  InstanceId instance;
  /// The fingerprint() of the stop: a new one shows that a start has failed.
  std::string stopped_because;
  Duration trial_run = usual_trial_run;
  Instant down_since;
};

/// Starts the server, waits until EC2 shows it `running`, and sees that it stays so for the trial
/// run.
///
/// Tries for as long as it takes: a start that is refused, throttled, lost, without capacity, or
/// accepted and fallen back to `stopped` is tried again, and each failure is reported. That nobody
/// can start it any more is an alarm.
Task<Starting> bring_back(Tools tools, Comeback comeback);

/// EC2's reasons for the state that an instance is in, as one text that changes whenever it is
/// stopped anew.
std::string fingerprint(const ec2::Instance& instance);

}  // namespace pitstop
