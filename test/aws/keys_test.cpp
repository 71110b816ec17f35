#include "aws/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service_world.hpp"

namespace pitstop {
namespace {

using testing::SizeIs;

using KeyBench = test::ScriptedService<Keys>;
using KeyWorld = test::SimulatedService<Keys>;

VIRTUAL_TEST(Keys, DescribesAKey) {
  KeyBench bench(time);
  bench.http.answer(200,
                    R"({"KeyMetadata":{"Arn":"arn:k","KeyState":"Enabled","KeyManager":"AWS"}})");
  const auto key = co_await bench.client.describe_key("alias/aws/ebs");
  CO_ASSERT_TRUE(key);
  EXPECT_EQ(key->arn, "arn:k");
  EXPECT_TRUE(key->enabled && key->managed_by_aws);
  const auto& request = bench.http.requests.front();
  EXPECT_EQ(request.url, "https://kms.eu-central-1.amazonaws.com/");
  EXPECT_EQ(request.body, R"({"KeyId":"alias/aws/ebs"})");
  CO_ASSERT_TRUE(request.headers.size() == 2);
  EXPECT_EQ(request.headers[0].value, "application/x-amz-json-1.1");
  EXPECT_EQ(request.headers[1].name, "X-Amz-Target");
  EXPECT_EQ(request.headers[1].value, "TrentService.DescribeKey");
  EXPECT_EQ(request.signature->service, "kms");
}

VIRTUAL_TEST(Keys, ErrorsAreOneKindPerReaction) {
  for (const auto& [code, kind] : std::vector<std::pair<std::string, ErrorKind>>{
           {"NotFoundException", ErrorKind::not_found},
           {"InvalidArnException", ErrorKind::refused},
           {"AccessDeniedException", ErrorKind::forbidden},
           {"ValidationException", ErrorKind::refused}}) {
    KeyBench bench(time);
    bench.http.answer(400, R"({"__type":")" + code + R"(","message":"told"})");
    const auto key = co_await bench.client.describe_key("k");
    CO_ASSERT_TRUE(!key);
    EXPECT_EQ(key.error().kind, kind) << code;
    EXPECT_EQ(key.error().message, "DescribeKey: " + code + ": told");
  }
}

VIRTUAL_TEST(Keys, TriesAGrantWithoutMakingIt) {
  KeyBench bench(time);
  bench.http.answer(400, R"({"__type":"DryRunOperationException"})");
  bench.http.answer(400, R"({"__type":"AccessDeniedException"})").answer(200, "{}");
  const std::string arn = "arn:aws-cn:kms:cn-north-1:123456789012:key/1";
  EXPECT_TRUE(co_await bench.client.may_create_grant(arn));
  EXPECT_EQ((co_await bench.client.may_create_grant(arn)).error().kind, ErrorKind::forbidden);
  EXPECT_EQ((co_await bench.client.may_create_grant(arn)).error().kind, ErrorKind::refused);
  EXPECT_EQ(bench.http.requests.front().headers[1].value, "TrentService.CreateGrant");
  EXPECT_EQ(bench.http.requests.front().body,
            R"({"DryRun":true,"GranteePrincipal":"arn:aws-cn:iam::123456789012:root",)"
            R"("KeyId":"arn:aws-cn:kms:cn-north-1:123456789012:key/1","Operations":["Decrypt"]})");
}

VIRTUAL_TEST(Keys, AsksAgainWhenItMay) {
  KeyBench bench(time);
  bench.http.answer(400, R"({"__type":"ThrottlingException"})").answer(503, "<html>busy</html>");
  bench.http.answer(500, R"({"__type":"KMSInternalException"})").answer(200, "<html>log in</html>");
  bench.http.answer(200, R"({"KeyMetadata":{"Arn":"a","KeyState":"Disabled"}})");
  const auto key = co_await bench.client.describe_key("k");
  CO_ASSERT_TRUE(key);
  EXPECT_FALSE(key->enabled);
  EXPECT_THAT(bench.http.requests, SizeIs(5));
}

VIRTUAL_TEST(Keys, AnAnswerThatIsNoKeyIsNone) {
  for (const auto* body : {"{}", R"({"KeyMetadata":7})", R"({"KeyMetadata":{"Arn":"a"}})",
                           R"({"KeyMetadata":{"Arn":7,"KeyState":"Enabled"}})"}) {
    KeyBench bench(time);
    bench.http.answer(200, body);
    const auto key = co_await bench.client.describe_key("k");
    CO_ASSERT_TRUE(!key);
    EXPECT_EQ(key.error().kind, ErrorKind::unknown_fate) << body;
  }
}

VIRTUAL_TEST(KeysSimulated, WhateverBefallsACallOnce) {
  for (const auto kind : test::passing_faults()) {
    sim::Scenario scenario;
    scenario.servers.emplace_back();
    auto& plan = scenario.keys.emplace_back();
    plan.name = "backup";
    plan.state = "PendingDeletion";
    scenario.faults.scripted = {{.action = "DescribeKey", .kind = kind}};
    KeyWorld world(time, scenario);
    const auto key = co_await world.client.describe_key("alias/backup");
    CO_ASSERT_TRUE(key);
    EXPECT_EQ(key->state, "PendingDeletion") << to_string(kind);
    EXPECT_FALSE(key->enabled || key->managed_by_aws);
    EXPECT_TRUE(world.faults.unused().empty()) << to_string(kind);
  }
}

}  // namespace
}  // namespace pitstop
