#include "base/concurrently.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <memory>
#include <string>

#include "base/one_shot.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

Task<void> sleep_and_count(Clock& clock, Duration wait, int& count) {
  co_await clock.sleep(wait);
  ++count;
}

Task<void> count_at_once(int& count) {
  ++count;
  co_return;
}

VIRTUAL_TEST(Concurrently, LastsAsLongAsTheLongest) {
  const Instant begun = time.now();
  int count = 0;
  std::vector<Task<void>> tasks;
  for (const int wait : {3, 9, 1}) {
    tasks.push_back(sleep_and_count(time, Seconds(wait), count));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(count, 3);
  EXPECT_EQ(time.now() - begun, Seconds(9));
}

VIRTUAL_TEST(Concurrently, OfNothingTakesNoTime) {
  const Instant begun = time.now();
  std::vector<Task<void>> none;
  co_await concurrently(std::move(none));
  EXPECT_EQ(time.now(), begun);
}

// On an io_context they end before anybody waits for them.
CO_TEST(Concurrently, RunsWhatNeverWaits) {
  int count = 0;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 5; ++i) {
    tasks.push_back(count_at_once(count));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(count, 5);
}

Task<void> run_tree(Clock& clock, int depth, int& count) {
  if (depth == 0) {
    co_await sleep_and_count(clock, Seconds(1), count);
    co_return;
  }
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(run_tree(clock, depth - 1, count));
  }
  co_await concurrently(std::move(tasks));
}

VIRTUAL_TEST(Concurrently, MayBeNested) {
  int count = 0;
  co_await run_tree(time, 4, count);
  EXPECT_EQ(count, 81);
}

// Nothing of it leaks, however far it has come: the sanitizers look.
TEST(Concurrently, MayGoAtAnyMomentWithTheEventLoop) {
  for (int seconds = 0; seconds < 6; ++seconds) {
    int count = 0;
    VirtualTime time;
    auto group = [](VirtualTime& clock, int& ended) -> Task<void> {
      const auto owned = std::make_unique<int>(1);
      std::vector<Task<void>> tasks;
      for (int i = 1; i < 5; ++i) {
        tasks.push_back(sleep_and_count(clock, Seconds(i), ended));
      }
      tasks.push_back(run_tree(clock, 2, ended));
      co_await concurrently(std::move(tasks));
    };
    begin(time.executor(), group(time, count));
    time.run(time.sleep(Seconds(seconds) + Milliseconds(1)));
  }
}

/// Whether a group whose first task waits for `shot` has come to its end.
Task<void> wait_with_others(Clock& clock, OneShot<bool>& shot, int& count, bool& ended) {
  auto wait = [](OneShot<bool>& awaited) -> Task<void> { co_await awaited.wait(); };
  std::vector<Task<void>> tasks;
  tasks.push_back(wait(shot));
  tasks.push_back(sleep_and_count(clock, Seconds(5), count));
  co_await concurrently(std::move(tasks));
  ended = true;
}

TEST(Concurrently, NeverEndsWhenATaskWasDestroyed) {
  VirtualTime time;
  OneShot<bool> shot(time.executor());
  int count = 0;
  bool ended = false;
  begin(time.executor(), wait_with_others(time, shot, count, ended));
  time.run(time.sleep(Seconds(1)));
  shot.abandon();
  time.drain();
  EXPECT_EQ(count, 1);
  EXPECT_FALSE(ended);
}

Task<void> surprise() {
  throw std::runtime_error("nobody expects this");
  co_return;
}

TEST(Concurrently, LetsNoExceptionVanish) {
  auto group = []() -> Task<void> {
    std::vector<Task<void>> tasks;
    tasks.push_back(surprise());
    co_await concurrently(std::move(tasks));
  };
  EXPECT_THROW(test::run(group), std::runtime_error);
}

TEST(Begin, LetsNoExceptionVanish) {
  VirtualTime time;
  begin(time.executor(), surprise());
  EXPECT_THROW(time.drain(), std::runtime_error);
}

}  // namespace
}  // namespace pitstop
