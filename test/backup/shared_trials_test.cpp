#include "backup/shared_trials.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/contains.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::vector<InstanceId> servers(int count) {
  std::vector<InstanceId> ids;
  for (int i = 0; i < count; ++i) {
    ids.emplace_back(fmt::format("i-{:08}", i));
  }
  return ids;
}

/// Refuses a call if one of its things is among the forbidden ones.
void forbid(test::ScriptedCaller& caller, const std::string& action, const std::string& list,
            std::vector<std::string> forbidden) {
  caller.on(action).always().answer([=](const ec2::Call& call) -> Result<ec2::Reply> {
    const test::RecordedCall made{.time = {}, .call = call};
    EXPECT_EQ(made.parameter("DryRun"), "true");
    for (const auto& id : made.list(list)) {
      if (contains(forbidden, id)) {
        return fail(ErrorKind::forbidden, id);
      }
    }
    return fail(ErrorKind::would_work, "it would");
  });
}

struct Account {
  explicit Account(Clock& clock, std::vector<std::string> not_to_be_started = {}) : caller(clock) {
    forbid(caller, "StartInstances", "InstanceId", std::move(not_to_be_started));
    forbid(caller, "StopInstances", "InstanceId", {});
    forbid(caller, "CreateTags", "ResourceId", {});
    forbid(caller, "DeleteTags", "ResourceId", {});
  }

  test::ScriptedCaller caller;
};

VIRTUAL_TEST(SharedTrials, ProveAHundredServersInFourCalls) {
  Account account(time);
  const auto proven = co_await try_for_all(account.caller, servers(100));
  EXPECT_THAT(proven.starts, SizeIs(100));
  EXPECT_THAT(proven.stops, SizeIs(100));
  EXPECT_THAT(proven.marks, SizeIs(100));
  EXPECT_THAT(account.caller.calls(), SizeIs(4));
  EXPECT_EQ(account.caller.calls().front().call.action, "StartInstances");
}

VIRTUAL_TEST(SharedTrials, FindTheOthersBesideOneThatMayNotBeStarted) {
  Account account(time, {"i-00000057"});
  const auto proven = co_await try_for_all(account.caller, servers(100));
  EXPECT_THAT(proven.starts, SizeIs(99));
  EXPECT_FALSE(proven.starts.contains(InstanceId("i-00000057")));
  EXPECT_THAT(proven.stops, SizeIs(100));
  EXPECT_LE(account.caller.calls_of("StartInstances").size(), 15U);
}

VIRTUAL_TEST(SharedTrials, AreGivenUpWhereSeveralMayNotBeStarted) {
  std::vector<std::string> all;
  for (const auto& id : servers(100)) {
    all.push_back(id.str());
  }
  Account account(time, all);
  const auto proven = co_await try_for_all(account.caller, servers(100));
  EXPECT_THAT(proven.starts, IsEmpty());
  EXPECT_THAT(account.caller.calls_of("StartInstances"), SizeIs(3));
}

}  // namespace
}  // namespace pitstop
