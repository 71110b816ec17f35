// The simulated KMS: what it tells of keys, and servers whose volumes' keys are not enabled.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service_bench.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr auto lost_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
constexpr auto lost_arn =
    "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

struct KeyBench : ServiceBench {
  using ServiceBench::ServiceBench;

  json describe(const std::string& key) {
    const auto response = kms(json{{"KeyId", key}}.dump());
    EXPECT_EQ(response.header("Content-Type"), "application/x-amz-json-1.1");
    auto body = json::parse(response.body);
    body["status"] = response.status;
    return body;
  }
};

TEST(Kms, DescribesAKeyByAnyOfItsNames) {
  KeyBench bench;
  for (const std::string name :
       {lost_id, lost_arn, "alias/lost", "arn:aws:kms:us-east-1:123456789012:alias/lost"}) {
    const auto key = bench.describe(name)["KeyMetadata"];
    EXPECT_EQ(key["Arn"], lost_arn) << name;
    EXPECT_EQ(key["KeyId"], lost_id);
    EXPECT_EQ(key["KeyState"], "Disabled");
    EXPECT_EQ(key["Enabled"], false);
    EXPECT_EQ(key["KeyManager"], "CUSTOMER");
  }
  const auto key = bench.describe("alias/backup")["KeyMetadata"];
  EXPECT_EQ(key["KeyState"], "Enabled");
  EXPECT_EQ(key["Enabled"], true);
}

TEST(Kms, KnowsTheKeyOfEbs) {
  auto scenario = service_scenario();
  scenario.servers[0].volumes[1].encrypted = true;
  KeyBench bench(scenario);
  const auto arn =
      bench.call("DescribeVolumes", {{"VolumeId.1", bench.volume(1)}}).text("//kmsKeyId");
  for (const auto& name : {arn, std::string("alias/aws/ebs")}) {
    const auto key = bench.describe(name)["KeyMetadata"];
    EXPECT_EQ(key["Arn"], arn) << name;
    EXPECT_EQ(key["KeyManager"], "AWS");
    EXPECT_EQ(key["KeyState"], "Enabled");
  }
}

TEST(Kms, AKeyThatIsToBeDeletedSaysWhen) {
  auto scenario = service_scenario();
  scenario.keys[1].state = "PendingDeletion";
  KeyBench bench(scenario);
  const auto key = bench.describe(lost_id)["KeyMetadata"];
  EXPECT_EQ(key["KeyState"], "PendingDeletion");
  EXPECT_GT(key["DeletionDate"], key["CreationDate"]);
}

TEST(Kms, WhatIsNotThereIsNotFound) {
  KeyBench bench;
  const auto key = bench.describe("1234abcd-0000-0000-0000-1234567890ab");
  EXPECT_EQ(key["status"], 400);
  EXPECT_EQ(key["__type"], "NotFoundException");
  EXPECT_EQ(key["message"],
            "Key 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-0000-0000-0000-1234567890ab' "
            "does not exist");
  EXPECT_EQ(bench.describe("alias/none")["message"],
            "Alias arn:aws:kms:us-east-1:123456789012:alias/none is not found.");
  EXPECT_EQ(bench.describe("arn:aws:kms:x")["__type"], "InvalidArnException");
}

TEST(Kms, RefusesWhatCannotBe) {
  KeyBench bench;
  const auto type = [&](const std::string& body, const std::string& operation) {
    return json::parse(bench.kms(body, operation).body)["__type"];
  };
  constexpr auto describe = "TrentService.DescribeKey";
  EXPECT_EQ(type("{}", describe), "ValidationException");
  EXPECT_EQ(type(R"({"KeyId":7})", describe), "ValidationException");
  EXPECT_EQ(type(R"({"KeyId":"x","Region":"y"})", describe), "ValidationException");
  EXPECT_EQ(type("", describe), "SerializationException");
  EXPECT_EQ(type("[]", describe), "SerializationException");
  EXPECT_EQ(type("{}", "TrentService.DisableKey"), "UnknownOperationException");
  EXPECT_EQ(type("{}", ""), "UnknownOperationException");
}

TEST(Kms, TriesAGrantAndMakesNone) {
  KeyBench bench;
  const auto grant = [&](const std::string& key, bool dry_run) {
    const json request{{"KeyId", key},
                       {"GranteePrincipal", "arn:aws:iam::123456789012:root"},
                       {"Operations", {"Decrypt"}},
                       {"DryRun", dry_run}};
    return json::parse(bench.kms(request.dump(), "TrentService.CreateGrant").body)["__type"];
  };
  EXPECT_EQ(grant("alias/backup", true), "DryRunOperationException");
  EXPECT_EQ(grant("alias/backup", false), "ValidationException");
  EXPECT_EQ(grant(lost_id, true), "DisabledException");
  EXPECT_EQ(grant("alias/none", true), "NotFoundException");
  bench.simulator.deny({"kms:CreateGrant"});
  EXPECT_EQ(grant("alias/backup", true), "AccessDeniedException");
  EXPECT_EQ(bench.describe("alias/backup")["status"], 200);
}

TEST(Kms, WhatThePolicyDeniesIsRefused) {
  auto scenario = service_scenario();
  scenario.denied_actions = {"kms:DescribeKey"};
  KeyBench bench(scenario);
  const auto reply = bench.describe(lost_id);
  EXPECT_EQ(reply["status"], 400);
  EXPECT_EQ(reply["__type"], "AccessDeniedException");
  EXPECT_THAT(reply["message"].get<std::string>(),
              HasSubstr(std::string("kms:DescribeKey on resource: ") + lost_arn));
}

/// The servers have a volume with that key.
sim::Scenario encrypted_with(const std::string& key) {
  auto scenario = service_scenario();
  scenario.scaling_groups.clear();
  scenario.servers[0].count = 1;
  scenario.servers[0].volumes[1].encrypted = true;
  scenario.servers[0].volumes[1].kms_key = key;
  return scenario;
}

TEST(Kms, AServerWithoutAKeyFallsBackToStopped) {
  KeyBench bench(encrypted_with("lost"));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running) << "it bites at the next start";
  EXPECT_EQ(bench.call("DescribeVolumes", {{"VolumeId.1", bench.volume(1)}}).text("//kmsKeyId"),
            lost_arn);
  bench.stop();
  EXPECT_TRUE(bench.call("StartInstances", {{"InstanceId.1", bench.id()}}).succeeded());
  bench.pass(std::chrono::minutes(1));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::stopped);
  EXPECT_EQ(bench.call("DescribeInstances").text("//stateReason/code"), "Client.InternalError");

  bench.region().keys[1].state = "Enabled";
  bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  bench.pass(std::chrono::minutes(1));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running);
}

TEST(Kms, AServerWithItsKeyStarts) {
  KeyBench bench(encrypted_with("backup"));
  bench.stop();
  bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  bench.pass(std::chrono::minutes(1));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running);
}

}  // namespace
}  // namespace pitstop::test
