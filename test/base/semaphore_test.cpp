#include "base/semaphore.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <string>

#include "base/concurrently.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

struct Crossing {
  std::string order;
  int inside = 0;
  int most_inside = 0;
};

Task<void> cross(Semaphore& semaphore, Clock& clock, char name, Duration stay, Crossing& crossing) {
  const auto permit = co_await semaphore.acquire();
  crossing.order += name;
  crossing.most_inside = std::max(crossing.most_inside, ++crossing.inside);
  co_await clock.sleep(stay);
  --crossing.inside;
}

TEST(Semaphore, GivesAPermitAtOnceOnlyIfOneIsFree) {
  Semaphore semaphore(1);
  auto permit = semaphore.try_acquire();
  EXPECT_TRUE(permit);
  EXPECT_FALSE(semaphore.try_acquire());
  permit.reset();
  EXPECT_TRUE(semaphore.try_acquire());
}

VIRTUAL_TEST(Semaphore, LetsThemPassInTheOrderInWhichTheyCame) {
  Semaphore semaphore(1);
  Crossing crossing;
  std::vector<Task<void>> tasks;
  for (const char name : std::string("abcdefgh")) {
    tasks.push_back(cross(semaphore, time, name, Seconds('i' - name), crossing));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(crossing.order, "abcdefgh");
  EXPECT_EQ(crossing.most_inside, 1);
}

VIRTUAL_TEST(Semaphore, LetsNoMorePassThanItHasPermits) {
  Semaphore semaphore(3);
  Crossing crossing;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 50; ++i) {
    tasks.push_back(cross(semaphore, time, 'x', Seconds(1 + i % 7), crossing));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(crossing.order.size(), 50U);
  EXPECT_EQ(crossing.most_inside, 3);
  EXPECT_EQ(crossing.inside, 0);
}

VIRTUAL_TEST(Semaphore, LetsNobodyOvertakeTheQueue) {
  Semaphore semaphore(1);
  Crossing crossing;
  std::optional<Semaphore::Permit> held(co_await semaphore.acquire());
  begin(time.executor(), cross(semaphore, time, 'q', Seconds(1), crossing));
  co_await time.sleep(Seconds(1));
  held.reset();
  // The permit has been handed on, though nobody has woken yet.
  co_await cross(semaphore, time, 'l', Seconds(1), crossing);
  EXPECT_EQ(crossing.order, "ql");
}

VIRTUAL_TEST(Semaphore, TakesAPermitBackOnce) {
  Semaphore semaphore(1);
  auto first = co_await semaphore.acquire();
  {
    const auto moved = std::move(first);
  }
  Crossing crossing;
  co_await cross(semaphore, time, 'a', Seconds(1), crossing);
  std::vector<Task<void>> tasks;
  tasks.push_back(cross(semaphore, time, 'b', Seconds(1), crossing));
  tasks.push_back(cross(semaphore, time, 'c', Seconds(1), crossing));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(crossing.most_inside, 1);
}

/// Begins a crossing that can be cancelled.
void begin_crossing(Semaphore& semaphore, VirtualTime& time, char name, Crossing& crossing,
                    boost::asio::cancellation_signal& cancel) {
  auto crossing_task = cross(semaphore, time, name, Seconds(1), crossing);
  boost::asio::co_spawn(
      time.executor(), std::move(crossing_task),
      boost::asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
}

VIRTUAL_TEST(Semaphore, GoesOnPastTheCancelled) {
  Semaphore semaphore(1);
  Crossing crossing;
  boost::asio::cancellation_signal cancel;
  std::optional<Semaphore::Permit> held(co_await semaphore.acquire());
  begin_crossing(semaphore, time, 'c', crossing, cancel);
  begin(time.executor(), cross(semaphore, time, 'n', Seconds(1), crossing));
  co_await time.sleep(Seconds(1));
  cancel.emit(boost::asio::cancellation_type::terminal);
  co_await time.sleep(Seconds(1));
  held.reset();
  co_await time.sleep(Seconds(10));
  EXPECT_EQ(crossing.order, "n");
  const auto free_again = co_await semaphore.acquire();
}

// The turn came first; the coroutine is cancelled before it can use it.
VIRTUAL_TEST(Semaphore, GetsThePermitOfTheCancelledBack) {
  Semaphore semaphore(1);
  Crossing crossing;
  boost::asio::cancellation_signal cancel;
  std::optional<Semaphore::Permit> held(co_await semaphore.acquire());
  begin_crossing(semaphore, time, 'c', crossing, cancel);
  co_await time.sleep(Seconds(1));
  held.reset();
  cancel.emit(boost::asio::cancellation_type::terminal);
  co_await time.sleep(Seconds(10));
  const auto free_again = co_await semaphore.acquire();
}

// Found by the sanitizers, if anything is.
TEST(Semaphore, MayGoBeforeThoseWhoWait) {
  VirtualTime time;
  Crossing crossing;
  std::optional<Semaphore> semaphore(std::in_place, 1U);
  for (const char name : std::string("abc")) {
    begin(time.executor(), cross(*semaphore, time, name, Seconds(10), crossing));
  }
  time.run(time.sleep(Seconds(1)));
  semaphore.reset();
  time.drain();
  EXPECT_EQ(crossing.order, "a");
}

TEST(Semaphore, MayGoAtAnyMomentWithTheEventLoop) {
  for (int seconds = 0; seconds < 10; ++seconds) {
    Semaphore semaphore(2);
    Crossing crossing;
    VirtualTime time;
    for (const char name : std::string("abcdef")) {
      begin(time.executor(), cross(semaphore, time, name, Seconds(2), crossing));
    }
    time.run(time.sleep(Seconds(seconds)));
  }
}

}  // namespace
}  // namespace pitstop
