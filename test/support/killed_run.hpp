#pragma once

#include "sim/virtual_time.hpp"

namespace pitstop::test {

/// Runs a task that may be killed, as `time.run` does: false if it was. A process that is killed
/// frees nothing, for its coroutines wait for each other for ever, and that is no leak.
bool run_to_be_killed(VirtualTime& time, Task<void> task);

}  // namespace pitstop::test
