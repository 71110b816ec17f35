#pragma once

#include <functional>

#include "base/task.hpp"

namespace pitstop::test {

/// Runs a coroutine to its end on a real event loop. A coroutine that never ends fails the test: nothing is
/// left that could wake it.
void run(std::function<Task<void>()> body);

}  // namespace pitstop::test

/// TEST whose body is a coroutine on a real event loop. EXPECT_… as usual; CO_ASSERT_TRUE leaves the body.
#define CO_TEST(suite, name)                                               \
  static ::pitstop::Task<void> suite##_##name##_body();                    \
  TEST(suite, name) { ::pitstop::test::run(suite##_##name##_body); }       \
  static ::pitstop::Task<void> suite##_##name##_body()

#define CO_ASSERT_TRUE(condition)                 \
  do {                                            \
    if (!(condition)) {                           \
      ADD_FAILURE() << "expected: " #condition;   \
      co_return;                                  \
    }                                             \
  } while (false)
