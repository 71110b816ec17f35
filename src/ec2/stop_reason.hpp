#pragma once

#include "ec2/model.hpp"

/// Why an instance does not run, as EC2 itself tells it: what no tag can claim.
namespace pitstop::ec2 {

/// Whether it does not run, or will not in a moment, and can be started.
bool is_at_rest(const Instance& instance);

/// When a call of StopInstances stopped it, to the second; nothing if something else did (its
/// system, AWS, a start that failed), if it is not at rest, or if EC2 does not say.
std::optional<WallTime> stopped_by_call_at(const Instance& instance);

/// When the start was asked for from which it fell back to `stopped`; nothing if that is not why it
/// is stopped.
std::optional<WallTime> failed_start_at(const Instance& instance);

}  // namespace pitstop::ec2
