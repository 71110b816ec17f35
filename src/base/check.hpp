#pragma once

#include <source_location>

namespace pitstop {

/// Ends the process with the place and the broken expectation: for what only a bug can bring about.
[[noreturn]] void check_failed(const char* expectation,
                               std::source_location where = std::source_location::current());

/// Marks the end of a switch that has dealt with every enumerator.
[[noreturn]] inline void unreachable(std::source_location where = std::source_location::current()) {
  check_failed("this place is never reached", where);
}

}  // namespace pitstop

/// Must hold unless pitstop itself is wrong. Stays on in release builds.
#define CHECK(condition)                   \
  do {                                     \
    if (!(condition)) [[unlikely]] {       \
      ::pitstop::check_failed(#condition); \
    }                                      \
  } while (false)
