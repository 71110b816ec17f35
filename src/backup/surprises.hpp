#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

namespace pitstop {

/// Runs a step of what must go on. An exception, which only a bug or want of memory can be, becomes
/// an error like any other, after a pause: what is tried until it works must not spin.
Task<Status> without_surprises(Clock& clock, Task<Status> step);

}  // namespace pitstop
