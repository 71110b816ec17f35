#include "ec2/tags_together.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/concurrently.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr TagsTogether::Moments moments{.soon = Milliseconds(100), .later = Seconds(10)};

Task<void> into(Task<Status> change, Clock& clock, Duration after, Status& slot) {
  co_await clock.sleep(after);
  slot = co_await std::move(change);
}

VIRTUAL_TEST(TagsTogether, WhoWantsTheSameWithinAMomentGoesInOneCall) {
  test::ScriptedCaller caller(time);
  caller.on("CreateTags").always().reply("<return>true</return>");
  TagsTogether together(caller, time, moments);
  std::vector<Status> made(4, fail(ErrorKind::internal, "not asked"));
  const Tags down{{"pitstop:down", "r-1"}};
  const Tags other{{"pitstop:down", "r-2"}};
  std::vector<Task<void>> tasks;
  tasks.push_back(into(together.create_soon({"i-1"}, down), time, {}, made[0]));
  tasks.push_back(into(together.create_soon({"i-2"}, other), time, Milliseconds(50), made[1]));
  tasks.push_back(into(together.create_soon({"i-3"}, down), time, Milliseconds(90), made[2]));
  tasks.push_back(into(together.create_soon({"i-4"}, down), time, Milliseconds(110), made[3]));
  co_await concurrently(std::move(tasks));
  CO_ASSERT_TRUE(caller.calls().size() == 3);
  EXPECT_THAT(caller.calls()[0].list("ResourceId"), ElementsAre("i-1", "i-3"));
  EXPECT_THAT(caller.calls()[1].list("ResourceId"), ElementsAre("i-2"));
  EXPECT_THAT(caller.calls()[2].list("ResourceId"), ElementsAre("i-4"));
  for (const auto& status : made) {
    EXPECT_TRUE(status);
  }
}

VIRTUAL_TEST(TagsTogether, OneBadResourceIsItsOwn) {
  test::ScriptedCaller caller(time);
  caller.on("DeleteTags").always().answer([](const Call& call) -> Result<Reply> {
    for (int i = 1; const auto* id = call.parameters.find(fmt::format("ResourceId.{}", i)); ++i) {
      if (*id == "i-gone") {
        return fail(ErrorKind::not_found, "DeleteTags: no i-gone");
      }
    }
    return test::reply_of(call.action, "<return>true</return>");
  });
  TagsTogether together(caller, time, moments);
  std::vector<Status> made(3);
  const Tags down{{"pitstop:down", "r-1"}};
  std::vector<Task<void>> tasks;
  tasks.push_back(into(together.remove_later({"i-1"}, down), time, {}, made[0]));
  tasks.push_back(into(together.remove_later({"i-gone"}, down), time, Seconds(3), made[1]));
  tasks.push_back(into(together.remove_later({"i-2"}, down), time, Seconds(9), made[2]));
  co_await concurrently(std::move(tasks));
  EXPECT_TRUE(made[0]);
  CO_ASSERT_TRUE(!made[1]);
  EXPECT_EQ(made[1].error().kind, ErrorKind::not_found);
  EXPECT_TRUE(made[2]);
  EXPECT_THAT(caller.calls(), SizeIs(4));
}

VIRTUAL_TEST(TagsTogether, AFleetIsCutIntoCallsThatEc2Takes) {
  test::ScriptedCaller caller(time);
  caller.on("CreateTags").always().reply("<return>true</return>");
  TagsTogether together(caller, time, moments);
  std::vector<Status> made(450);
  const Tags device{{"pitstop:device", "/dev/sda1"}};
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < made.size(); ++i) {
    tasks.push_back(
        into(together.create_later({fmt::format("snap-{}", i)}, device), time, {}, made[i]));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_THAT(caller.calls(), SizeIs(3));
}

VIRTUAL_TEST(TagsTogether, WhatIsThrownIsAnErrorOfThatCall) {
  test::ScriptedCaller caller(time);
  caller.on("CreateTags").answer([](const Call&) -> Result<Reply> {
    throw std::runtime_error("by the test");
  });
  TagsTogether together(caller, time, moments);
  const auto made = co_await together.create_soon({"i-1"}, {{"a", "b"}});
  CO_ASSERT_TRUE(!made);
  EXPECT_EQ(made.error().kind, ErrorKind::internal);
}

}  // namespace
}  // namespace pitstop::ec2
