#include "sim/virtual_time.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/concurrently.hpp"
#include "base/semaphore.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

Task<void> note_after(Clock& clock, Duration wait, std::string name, std::string& notes) {
  co_await clock.sleep(wait);
  notes += name;
}

VIRTUAL_TEST(VirtualTime, WakesSleepersInTheOrderOfTheirTimes) {
  const Instant begun = time.now();
  std::string notes;
  std::vector<Task<void>> tasks;
  tasks.push_back(note_after(time, Seconds(30), "c", notes));
  tasks.push_back(note_after(time, Seconds(10), "a", notes));
  tasks.push_back(note_after(time, Seconds(20), "b", notes));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(notes, "abc");
  EXPECT_EQ(time.now() - begun, Seconds(30));
  EXPECT_EQ(rfc3339(time.wall()), "2026-01-01T00:00:30.000Z");
}

VIRTUAL_TEST(VirtualTime, KeepsTheOrderOfThoseWhoWakeTogether) {
  std::string notes;
  std::vector<Task<void>> tasks;
  for (const auto* name : {"a", "b", "c", "d"}) {
    tasks.push_back(note_after(time, Seconds(1), name, notes));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(notes, "abcd");
}

TEST(VirtualTime, TakesADeadlockForAFailure) {
  VirtualTime time;
  auto wait_for_nobody = [](Semaphore& semaphore) -> Task<void> {
    const auto first = co_await semaphore.acquire();
    const auto second = co_await semaphore.acquire();
  };
  Semaphore semaphore(1);
  EXPECT_THROW(time.run(wait_for_nobody(semaphore)), std::runtime_error);
}

}  // namespace
}  // namespace pitstop
