#pragma once

#include <functional>

#include "base/task.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::test {

/// Runs a coroutine to its end on a real event loop. One that waits for what nobody brings runs
/// into ctest's limit; in virtual time the same is found at once.
void run(std::function<Task<void>()> body);

/// The same in virtual time, which the body gets.
void run_in_virtual_time(std::function<Task<void>(VirtualTime&)> body);

}  // namespace pitstop::test

/// TEST whose body is a coroutine on a real event loop. EXPECT_… as usual; CO_ASSERT_TRUE leaves
/// the body.
#define CO_TEST(suite, name)                            \
  static ::pitstop::Task<void> suite##_##name##_body(); \
  TEST(suite, name) {                                   \
    ::pitstop::test::run(suite##_##name##_body);        \
  }                                                     \
  static ::pitstop::Task<void> suite##_##name##_body()

/// TEST whose body is a coroutine in virtual time: `time` is its clock.
#define VIRTUAL_TEST(suite, name)                                                   \
  static ::pitstop::Task<void> suite##_##name##_body(::pitstop::VirtualTime& time); \
  TEST(suite, name) {                                                               \
    ::pitstop::test::run_in_virtual_time(suite##_##name##_body);                    \
  }                                                                                 \
  static ::pitstop::Task<void> suite##_##name##_body([[maybe_unused]] ::pitstop::VirtualTime& time)

#define CO_ASSERT_TRUE(condition)               \
  do {                                          \
    if (!(condition)) {                         \
      ADD_FAILURE() << "expected: " #condition; \
      co_return;                                \
    }                                           \
  } while (false)
