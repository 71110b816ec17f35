#include "base/backoff.hpp"

#include <algorithm>

namespace pitstop {

bool worth_repeating(ErrorKind kind) {
  return kind == ErrorKind::throttled || kind == ErrorKind::transient ||
         kind == ErrorKind::unknown_fate;
}

// The bases are those of AWS's SDKs since 2026: 50 ms after a passing fault, 1 s after throttling,
// 20 s at most.
Duration longest_wait(ErrorKind kind, int repetition) {
  constexpr Duration most = Seconds(20);
  const Duration base = kind == ErrorKind::throttled ? Milliseconds(1000) : Milliseconds(50);
  return std::min(base * (std::int64_t{1} << std::min(repetition, 20)), most);
}

Duration draw_wait(ErrorKind kind, int repetition, Random& random) {
  return std::chrono::duration_cast<Duration>(longest_wait(kind, repetition) * random.unit());
}

}  // namespace pitstop
