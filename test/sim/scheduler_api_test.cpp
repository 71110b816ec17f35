// The simulated EventBridge Scheduler: what its API takes, refuses and tells.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scheduler_bench.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::SizeIs;

constexpr auto arn = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/guard";

TEST(SchedulerApi, TellsWhatItWasTold) {
  SchedulerBench bench;
  const auto asked = bench.guard(minutes(10), hours(2));
  const auto created = bench.create(asked);
  EXPECT_EQ(created.status, 200) << created;
  EXPECT_EQ(created.body, (json{{"ScheduleArn", arn}}));
  const auto found = bench.get();
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(
      found.body,
      (json{{"ActionAfterCompletion", "DELETE"},
            {"Arn", arn},
            {"CreationDate", bench.epoch_after({})},
            {"Description", "run 1"},
            {"EndDate", asked["EndDate"]},
            {"FlexibleTimeWindow", {{"Mode", "OFF"}}},
            {"GroupName", "default"},
            {"LastModificationDate", bench.epoch_after({})},
            {"Name", "guard"},
            {"ScheduleExpression", "rate(1 minutes)"},
            {"ScheduleExpressionTimezone", "UTC"},
            {"StartDate", asked["StartDate"]},
            {"State", "ENABLED"},
            {"Target",
             {{"Arn", asked["Target"]["Arn"]},
              {"Input", asked["Target"]["Input"]},
              {"RetryPolicy", {{"MaximumEventAgeInSeconds", 86400}, {"MaximumRetryAttempts", 185}}},
              {"RoleArn", asked["Target"]["RoleArn"]}}}}));
}

TEST(SchedulerApi, ThereIsOneOfAName) {
  SchedulerBench bench;
  const auto asked = bench.guard(minutes(10), hours(2));
  bench.create(asked);
  bench.pass(Seconds(90));
  EXPECT_EQ(bench.create(asked).body, (json{{"ScheduleArn", arn}})) << "the same call again";

  auto another = asked;
  another["ClientToken"] = "token-2";
  const auto conflict = bench.create(another);
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.code, "ConflictException");
  EXPECT_EQ(conflict.message(), "Schedule guard already exists.");

  another = asked;
  another["Description"] = "run 2";
  EXPECT_EQ(bench.create(another).code, "ConflictException") << "the token alone is not enough";
  another.erase("ClientToken");
  EXPECT_EQ(bench.create(another).code, "ConflictException");
  EXPECT_EQ(bench.get().body["Description"], "run 1");
  EXPECT_EQ(bench.create(another, "guard-2").status, 200);
}

TEST(SchedulerApi, WhatIsNotThereIsNotFound) {
  SchedulerBench bench;
  for (const auto& reply : {bench.get(), bench.remove()}) {
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.code, "ResourceNotFoundException");
    EXPECT_EQ(reply.message(), "Schedule guard does not exist.");
  }
  bench.create(bench.guard(minutes(10), hours(2)));
  EXPECT_EQ(bench.send("GET", "/schedules/guard?groupName=mine").code, "ResourceNotFoundException");
  EXPECT_EQ(bench.send("DELETE", "/schedules/guard?clientToken=a-1").status, 200);
  EXPECT_EQ(bench.remove().code, "ResourceNotFoundException");
}

struct Mistake {
  std::string name;
  std::string pointer;  ///< into the body
  json value;           ///< null: leave it out
  std::string message;
  std::string code = "ValidationException";
};

std::ostream& operator<<(std::ostream& stream, const Mistake& mistake) {
  return stream << mistake.name;
}

class SchedulerMistake : public testing::TestWithParam<Mistake> {};

TEST_P(SchedulerMistake, IsRefused) {
  SchedulerBench bench;
  auto schedule = bench.guard(minutes(10), hours(2));
  schedule[json::json_pointer(GetParam().pointer)] = GetParam().value;
  const auto reply = bench.create(schedule);
  EXPECT_EQ(reply.code, GetParam().code);
  EXPECT_THAT(reply.message(), HasSubstr(GetParam().message));
  EXPECT_THAT(bench.simulator.schedules(), SizeIs(0));
}

INSTANTIATE_TEST_SUITE_P(
    Members, SchedulerMistake,
    testing::Values(
        Mistake{"NoExpression", "/ScheduleExpression", nullptr,
                "Value null at 'scheduleExpression' failed to satisfy constraint: Member must not "
                "be null"},
        Mistake{"NoTarget", "/Target", nullptr, "Value null at 'target'"},
        Mistake{"NoArn", "/Target/Arn", nullptr, "Value null at 'target.arn'"},
        Mistake{"NoRole", "/Target/RoleArn", nullptr, "Value null at 'target.roleArn'"},
        Mistake{"NoWindow", "/FlexibleTimeWindow", nullptr, "Value null at 'flexibleTimeWindow'"},
        Mistake{"NoMode", "/FlexibleTimeWindow/Mode", nullptr,
                "Value null at 'flexibleTimeWindow.mode'"},
        Mistake{"WrongMode", "/FlexibleTimeWindow/Mode", "off", "enum value set: [OFF, FLEXIBLE]"},
        Mistake{"WrongState", "/State", "ON", "enum value set: [ENABLED, DISABLED]"},
        Mistake{"WrongAction", "/ActionAfterCompletion", "delete",
                "Value 'delete' at 'actionAfterCompletion'"},
        Mistake{"LongDescription", "/Description", std::string(513, 'x'),
                "length less than or equal to 512"},
        Mistake{"WrongToken", "/ClientToken", "a.b", "'clientToken'"},
        Mistake{"EmptyToken", "/ClientToken", "", "length greater than or equal to 1"},
        Mistake{"Retries", "/Target/RetryPolicy/MaximumRetryAttempts", 186,
                "'target.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member "
                "must have value less than or equal to 185"},
        Mistake{"Age", "/Target/RetryPolicy/MaximumEventAgeInSeconds", 59,
                "greater than or equal to 60"},
        Mistake{"Unknown", "/ScheduleExpresion", "x", "no member scheduleExpresion"},
        Mistake{"UnknownInTarget", "/Target/Role", "x", "no member target.role"},
        Mistake{"NotANumber", "/StartDate", "2026-01-01T00:00:00Z",
                "startDate is not a number of seconds since 1970", "SerializationException"},
        Mistake{"NotAText", "/Description", 7, "description is not a string",
                "SerializationException"},
        Mistake{"NotAnObject", "/Target", "x", "target is not an object",
                "SerializationException"}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Meaning, SchedulerMistake,
    testing::Values(
        Mistake{"NoRate", "/ScheduleExpression", "rate(0 minutes)",
                "Invalid Schedule Expression rate(0 minutes)."},
        Mistake{"NoUnit", "/ScheduleExpression", "rate(1 seconds)", "Invalid Schedule Expression"},
        Mistake{"Cron", "/ScheduleExpression", "cron(* * * * ? *)", "is not simulated"},
        Mistake{"Once", "/ScheduleExpression", "at(2026-01-01T00:00:00)", "is not simulated"},
        Mistake{"Flexible", "/FlexibleTimeWindow",
                json{{"Mode", "FLEXIBLE"}, {"MaximumWindowInMinutes", 5}}, "is not simulated"},
        Mistake{"Key", "/KmsKeyArn", "arn:aws:kms:us-east-1:123456789012:key/x",
                "kmsKeyArn is not simulated"},
        Mistake{"DeadLetters", "/Target/DeadLetterConfig", json{{"Arn", "x"}}, "is not simulated"},
        Mistake{"AnotherCall", "/Target/Arn", "arn:aws:scheduler:::aws-sdk:ec2:stopInstances",
                "is not simulated"},
        Mistake{"AnotherPartition", "/Target/Arn",
                "arn:aws-cn:scheduler:::aws-sdk:ec2:startInstances", "is not simulated"},
        Mistake{"RoleOfAnother", "/Target/RoleArn", "arn:aws:iam::210987654321:role/guard",
                "Provide a valid role of account 123456789012"},
        Mistake{"NoRoleAtAll", "/Target/RoleArn", "guard", "Provide a valid role"},
        Mistake{"AnotherGroup", "/GroupName", "mine", "Schedule group mine does not exist.",
                "ResourceNotFoundException"},
        Mistake{"BegunLongAgo", "/StartDate", 1767225000,
                "The StartDate you specify cannot be earlier than 5 minutes ago."},
        Mistake{"EndsBeforeItBegins", "/EndDate", 1767225700, "must come after the StartDate"}),
    [](const auto& info) { return info.param.name; });

TEST(SchedulerApi, NamesHaveAForm) {
  SchedulerBench bench;
  const auto schedule = bench.guard(minutes(10), hours(2));
  EXPECT_THAT(bench.create(schedule, "a%20b").message(), HasSubstr("pattern: ^[0-9a-zA-Z-_.]+$"));
  EXPECT_THAT(bench.create(schedule, std::string(65, 'a')).message(),
              HasSubstr("length less than or equal to 64"));
  EXPECT_EQ(bench.create(schedule, std::string(64, 'a')).status, 200);
  EXPECT_EQ(bench.create(schedule, "A.b_c-9").status, 200);
}

TEST(SchedulerApi, ListsPageByPage) {
  SchedulerBench bench;
  for (const auto* name : {"a-1", "a-2", "a-3", "b"}) {
    bench.create(bench.guard(minutes(10), hours(2)), name);
  }
  const auto first = bench.send("GET", "/schedules?NamePrefix=a&MaxResults=2").body;
  ASSERT_THAT(first["Schedules"], SizeIs(2));
  EXPECT_EQ(first["Schedules"][0]["Name"], "a-1");
  EXPECT_EQ(first["Schedules"][0]["Target"],
            (json{{"Arn", "arn:aws:scheduler:::aws-sdk:ec2:startInstances"}}));
  const std::string token = first["NextToken"];
  const auto second =
      bench.send("GET", "/schedules?NamePrefix=a&MaxResults=2&NextToken=" + percent_encoded(token))
          .body;
  ASSERT_THAT(second["Schedules"], SizeIs(1));
  EXPECT_EQ(second["Schedules"][0]["Name"], "a-3");
  EXPECT_FALSE(second.contains("NextToken"));
  EXPECT_THAT(bench.send("GET", "/schedules?State=DISABLED").body["Schedules"], SizeIs(0));
  EXPECT_THAT(bench.send("GET", "/schedules?ScheduleGroup=default").body["Schedules"], SizeIs(4));
  EXPECT_EQ(bench.send("GET", "/schedules?MaxResults=101").code, "ValidationException");
}

TEST(SchedulerApi, WhatThePolicyDeniesIsRefused) {
  for (const auto* denied : {"scheduler:CreateSchedule", "iam:PassRole"}) {
    auto scenario = api_scenario();
    scenario.denied_actions = {denied};
    SchedulerBench bench(scenario);
    const auto reply = bench.create(bench.guard(minutes(10), hours(2)));
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(reply.code, "AccessDeniedException");
    EXPECT_THAT(reply.message(), HasSubstr(std::string("is not authorized to perform: ") + denied));
    EXPECT_EQ(bench.get().code, "ResourceNotFoundException");
  }
}

TEST(SchedulerApi, CountsItsCalls) {
  SchedulerBench bench;
  bench.create(bench.guard(minutes(10), hours(2)));
  bench.get();
  bench.get();
  bench.remove();
  EXPECT_EQ(bench.simulator.calls("CreateSchedule"), 1);
  EXPECT_EQ(bench.simulator.calls("GetSchedule"), 2);
  EXPECT_EQ(bench.simulator.calls("DeleteSchedule"), 1);
}

TEST(SchedulerApi, AnyBytesGetAnAnswer) {
  SchedulerBench bench;
  for (const auto* target : {"", "/", "/schedules", "/schedules/", "/schedules/a/b", "/schedules/?",
                             "/schedules/\xff", "/tags/x", "/schedules?NextToken=%%%"}) {
    for (const auto* method : {"GET", "POST", "PUT", "DELETE", ""}) {
      for (const auto* body : {"", "{", "[]", "null", R"({"Target":{"Input":"\ud800"}})", "\xff"}) {
        sim::ServiceRequest request;
        request.service = sim::Service::scheduler;
        request.method = method;
        request.target = target;
        request.body = body;
        const auto response = bench.simulator.answer(request);
        EXPECT_TRUE(json::accept(response.body)) << method << ' ' << target << ' ' << body;
        EXPECT_LT(response.status, 500);
      }
    }
  }
}

}  // namespace
}  // namespace pitstop::test
