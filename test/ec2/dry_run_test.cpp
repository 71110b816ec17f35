#include "ec2/dry_run.hpp"

#include <gtest/gtest.h>

#include "ec2/counting_caller.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

Task<Status> try_creation(Caller& caller) {
  Call call{.action = "CreateSnapshots", .effect = Effect::creates};
  call.parameters.add("InstanceSpecification.InstanceId", "i-1");
  return dry_run(caller, std::move(call));
}

VIRTUAL_TEST(DryRun, IsAQuestionWithTheParametersOfTheRealCall) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshots").fail_with_code("DryRunOperation", 412);
  const auto status = co_await try_creation(caller);
  EXPECT_TRUE(status);
  const auto& made = caller.calls().front();
  EXPECT_EQ(made.call.effect, Effect::asks);
  EXPECT_EQ(made.call.parameters.form_encoded(),
            "InstanceSpecification.InstanceId=i-1&DryRun=true");
}

VIRTUAL_TEST(DryRun, TellsWhatIsForbidden) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshots").fail_with_code("UnauthorizedOperation", 403);
  const auto status = co_await try_creation(caller);
  CO_ASSERT_TRUE(!status);
  EXPECT_EQ(status.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(status.error().code, "UnauthorizedOperation");
}

VIRTUAL_TEST(DryRun, AnotherErrorIsNoPermission) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshots").fail(ErrorKind::throttled);
  const auto status = co_await try_creation(caller);
  CO_ASSERT_TRUE(!status);
  EXPECT_EQ(status.error().kind, ErrorKind::throttled);
}

VIRTUAL_TEST(DryRun, AnEndpointThatCarriesItOutIsNotTrusted) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshots").reply();
  const auto status = co_await try_creation(caller);
  CO_ASSERT_TRUE(!status);
  EXPECT_EQ(status.error().kind, ErrorKind::refused);
}

VIRTUAL_TEST(CountingCaller, CountsWhatPassesWhateverComesOfIt) {
  test::ScriptedCaller caller(time);
  caller.on("X").fail(ErrorKind::throttled);
  caller.on("X").reply();
  CountingCaller counting(caller);
  Call call{.action = "X"};
  const auto first = co_await counting.call(call);
  EXPECT_FALSE(first);
  const auto second = co_await counting.call(call);
  EXPECT_TRUE(second);
  EXPECT_EQ(counting.calls(), 2);
}

}  // namespace
}  // namespace pitstop::ec2
