#include "aws/start_schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "some_schedule.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr auto some_region = "eu-central-1";

FoundSchedule read_back(const StartSchedule& schedule) {
  return *parse_schedule(test::as_found(schedule, some_region).dump());
}

TEST(StartSchedule, IsWhatAwsReads) {
  EXPECT_EQ(json::parse(to_json(test::some_schedule(), some_region)), json::parse(R"json({
    "ClientToken": "r-1-i-0abc",
    "Description": "pitstop run r-1 on host a",
    "ScheduleExpression": "rate(1 minutes)",
    "StartDate": 1767229200,
    "EndDate": 1767236400,
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "ActionAfterCompletion": "DELETE",
    "State": "ENABLED",
    "Target": {
  "Arn" : "arn:aws:scheduler:::aws-sdk:ec2:startInstances",
          "RoleArn" : "arn:aws:iam::123456789012:role/pitstop-guard",
                      "Input" : "{\"InstanceIds\":[\"i-0123456789abcdef0\"]}",
                                "RetryPolicy"
      : {"MaximumRetryAttempts" : 0, "MaximumEventAgeInSeconds" : 60}
    }
  })json"));
}

TEST(StartSchedule, CallsEc2OfItsPartition) {
  EXPECT_EQ(start_instances_arn("cn-north-1"), "arn:aws-cn:scheduler:::aws-sdk:ec2:startInstances");
  EXPECT_EQ(start_instances_arn("us-gov-west-1"),
            "arn:aws-us-gov:scheduler:::aws-sdk:ec2:startInstances");
}

TEST(StartSchedule, CutsFractionsOfASecondOff) {
  auto schedule = test::some_schedule();
  schedule.begin += Milliseconds(999);
  EXPECT_EQ(json::parse(to_json(schedule, some_region))["StartDate"], 1767229200);
  EXPECT_TRUE(check_schedule(read_back(schedule), schedule, some_region));
}

TEST(StartSchedule, ADescriptionMayBeAnyBytes) {
  auto schedule = test::some_schedule();
  schedule.description = "caf\xe9 \"a\"\n";
  EXPECT_EQ(json::parse(to_json(schedule, some_region))["Description"], "caf\ufffd \"a\"\n");
}

TEST(CheckSchedule, IsContentWithWhatWasWanted) {
  EXPECT_TRUE(check_schedule(read_back(test::some_schedule()), test::some_schedule(), some_region));
}

TEST(CheckSchedule, TellsWhatIsDifferent) {
  const auto wanted = test::some_schedule();
  const auto complaint = [&](const char* pointer, const json& value) {
    auto schedule = test::as_found(wanted, some_region);
    schedule[json::json_pointer(pointer)] = value;
    const auto checked = check_schedule(*parse_schedule(schedule.dump()), wanted, some_region);
    EXPECT_FALSE(checked) << pointer;
    return checked ? "" : checked.error().message;
  };
  EXPECT_EQ(complaint("/Description", "somebody else"),
            "the schedule pitstop-i-0123456789abcdef0 has another maker: \"somebody else\"");
  EXPECT_THAT(complaint("/Target/Input", R"({"InstanceIds":["i-1"]})"), HasSubstr("instance"));
  EXPECT_THAT(complaint("/Target/Input", R"({"InstanceIds":["i-0123456789abcdef0","i-1"]})"),
              HasSubstr("instance"));
  EXPECT_THAT(
      complaint("/Target/Input", R"({"InstanceIds":["i-0123456789abcdef0"],"DryRun":true})"),
      HasSubstr("instance"));
  EXPECT_THAT(complaint("/Target/Input", "no JSON"), HasSubstr("instance"));
  EXPECT_THAT(complaint("/Target/RoleArn", "arn:aws:iam::1:role/x"), HasSubstr("role"));
  EXPECT_THAT(complaint("/Target/Arn", "arn:aws:scheduler:::aws-sdk:ec2:stopInstances"),
              HasSubstr("target"));
  EXPECT_THAT(complaint("/Target/RetryPolicy", nullptr), HasSubstr("retry policy"));
  EXPECT_THAT(complaint("/State", "DISABLED"), HasSubstr("state"));
  EXPECT_THAT(complaint("/ScheduleExpression", "rate(1 hours)"), HasSubstr("expression"));
  EXPECT_THAT(complaint("/FlexibleTimeWindow/Mode", "FLEXIBLE"), HasSubstr("flexible window"));
  EXPECT_THAT(complaint("/ActionAfterCompletion", "NONE"), HasSubstr("end"));
  EXPECT_THAT(complaint("/StartDate", 1767229201), HasSubstr("start time: \"2026-01-01T01:00:01"));
  EXPECT_THAT(complaint("/EndDate", nullptr), HasSubstr("end time: \"1970-"));
}

TEST(ParseSchedule, OfAnyBytesIsASafeThing) {
  for (const auto* body :
       {"", "null", "[]", "{}", "<html>", R"({"Name":1})", "{\"Name\":\"\xff\"}"}) {
    EXPECT_FALSE(parse_schedule(body)) << body;
  }
  const auto bare = parse_schedule(R"({"Name":"x","Target":[],"StartDate":1e300,"EndDate":"no"})");
  ASSERT_TRUE(bare);
  EXPECT_TRUE(bare->instance.empty());
  EXPECT_EQ(bare->begin, WallTime());
  EXPECT_EQ(bare->end, WallTime());
  EXPECT_FALSE(bare->retries);
}

}  // namespace
}  // namespace pitstop
