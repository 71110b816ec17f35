#pragma once

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace pitstop {

/// Whether asking again may help: after `throttled`, `transient` and `unknown_fate`. Of the last
/// only what does no harm when it happens twice may be asked again.
bool worth_repeating(ErrorKind kind);

/// The longest wait before repetition number `repetition` (from 0) of a call that failed so.
Duration longest_wait(ErrorKind kind, int repetition);

/// The wait itself, drawn evenly from [0, that]: full jitter (AWS Builders' Library, "Timeouts,
/// retries, and backoff with jitter").
Duration draw_wait(ErrorKind kind, int repetition, Random& random);

}  // namespace pitstop
