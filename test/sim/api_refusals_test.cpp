// In which order EC2 refuses, and in which words.
#include <gtest/gtest.h>

#include "api_bench.hpp"

namespace pitstop::test {
namespace {

TEST(ApiRefusals, AnUnknownActionIsInvalid) {
  ApiBench bench;
  const auto reply = bench.call("DescribeCoffee");
  EXPECT_EQ(reply.status(), 400);
  EXPECT_EQ(reply.code(), "InvalidAction");
  EXPECT_EQ(reply.message(), "The action DescribeCoffee is not valid for this web service.");
}

TEST(ApiRefusals, AFormWithoutAnActionMissesIt) {
  ApiBench bench;
  EXPECT_EQ(bench.ask("").code(), "MissingAction");
  EXPECT_EQ(bench.ask("Version=2016-11-15").code(), "MissingAction");
}

TEST(ApiRefusals, AnotherVersionDoesNotExist) {
  ApiBench bench;
  EXPECT_EQ(bench.ask("Action=DescribeInstances&Version=2010-01-01").code(), "NoSuchVersion");
  EXPECT_EQ(bench.ask("Action=DescribeInstances").code(), "NoSuchVersion");
}

TEST(ApiRefusals, AnErrorLooksAsEc2WritesIt) {
  ApiBench bench;
  const auto reply = bench.call("DescribeCoffee");
  EXPECT_TRUE(reply.response.body.starts_with(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Errors><Error><Code>InvalidAction"
      "</Code><Message>"))
      << reply;
  EXPECT_EQ(reply.text("/Response/RequestID").size(), 36U);
  EXPECT_EQ(reply.response.header("Content-Type"), "text/xml;charset=UTF-8");
}

TEST(ApiRefusals, AnAnswerHasNoWhiteSpaceBetweenItsElements) {
  ApiBench bench;
  const auto reply = bench.call("DescribeVpcs");
  EXPECT_TRUE(reply.response.body.starts_with(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><DescribeVpcsResponse "
      "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>"))
      << reply;
  EXPECT_EQ(reply.response.body.find("> "), std::string::npos);
  EXPECT_EQ(reply.response.body.find('\n'), std::string::npos);
}

TEST(ApiRefusals, RequestIdsDifferAndComeAgainWithTheSeed) {
  ApiBench one;
  ApiBench other;
  const auto first = one.call("DescribeVpcs").text("requestId");
  EXPECT_NE(first, one.call("DescribeVpcs").text("requestId"));
  EXPECT_EQ(first, other.call("DescribeVpcs").text("requestId"));
}

TEST(ApiRefusals, AParameterThatNobodyKnowsIsNotIgnored) {
  ApiBench bench;
  for (const auto* action : {"DescribeInstances", "DescribeSnapshots", "DescribeRegions"}) {
    const auto reply = bench.call(action, {{"Colour", "red"}});
    EXPECT_EQ(reply.status(), 400);
    EXPECT_EQ(reply.code(), "UnknownParameter") << action;
    EXPECT_EQ(reply.message(), "The parameter Colour is not recognized");
  }
  EXPECT_EQ(
      bench.call("StartInstances", {{"InstanceId.1", bench.id()}, {"InstanceId.3", "i-1"}}).code(),
      "UnknownParameter");
}

TEST(ApiRefusals, ADryRunChangesNothing) {
  ApiBench bench;
  const auto reply =
      bench.call("StopInstances", {{"InstanceId.1", bench.id()}, {"DryRun", "true"}});
  EXPECT_EQ(reply.status(), 412);
  EXPECT_EQ(reply.code(), "DryRunOperation");
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running);
  EXPECT_EQ(bench.simulator.calls("StopInstances"), 0);
  EXPECT_EQ(bench.simulator.calls("DryRun StopInstances"), 1);
}

TEST(ApiRefusals, DescribingCallsHaveDryRunsToo) {
  ApiBench bench;
  EXPECT_EQ(bench.call("DescribeInstances", {{"DryRun", "true"}}).code(), "DryRunOperation");
}

TEST(ApiRefusals, WhatThePolicyDeniesIsUnauthorizedEvenAsADryRun) {
  auto scenario = api_scenario();
  scenario.denied_actions = {"StartInstances"};
  ApiBench bench(scenario);
  for (const auto* dry_run : {"true", "false"}) {
    const auto reply =
        bench.call("StartInstances", {{"InstanceId.1", bench.id()}, {"DryRun", dry_run}});
    EXPECT_EQ(reply.status(), 403);
    EXPECT_EQ(reply.code(), "UnauthorizedOperation");
  }
  EXPECT_TRUE(bench.call("StopInstances", {{"InstanceId.1", bench.id()}}).succeeded());
}

TEST(ApiRefusals, AWrongParameterComesBeforeThePolicyAndThePolicyBeforeTheState) {
  auto scenario = api_scenario();
  scenario.denied_actions = {"StartInstances"};
  ApiBench bench(scenario);
  EXPECT_EQ(bench.call("StartInstances", {{"InstanceId.1", "x"}}).code(),
            "InvalidInstanceID.Malformed");
  EXPECT_EQ(bench.call("StartInstances", {{"InstanceId.1", "i-00000000"}}).code(),
            "UnauthorizedOperation");
}

TEST(ApiRefusals, BytesThatAreNoTextAreRefused) {
  ApiBench bench;
  EXPECT_EQ(bench.call("DescribeInstances", {{"InstanceId.1", "\xff\xfe"}}).code(),
            "InvalidCharacter");
  EXPECT_EQ(bench.call("DescribeInstances", {{"a\x01", ""}}).code(), "InvalidCharacter");
}

TEST(ApiRefusals, ARequestMayBeTooLarge) {
  ApiBench bench;
  EXPECT_EQ(bench.ask(std::string(2 << 20, 'a')).status(), 413);
  EXPECT_EQ(bench.ask(std::string(30'000, '&')).status(), 413);
}

TEST(ApiRefusals, ASignatureInTheFormIsNoUnknownParameter) {
  ApiBench bench;
  EXPECT_TRUE(bench
                  .call("DescribeRegions", {{"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
                                            {"X-Amz-Credential", "x"},
                                            {"X-Amz-Signature", "y"}})
                  .succeeded());
}

TEST(ApiRefusals, EveryRegionIsAnotherOneAndHasToLookLikeOne) {
  ApiBench bench;
  EXPECT_EQ(bench.call("DescribeInstances").count("//instanceId"), 1U);
  EXPECT_EQ(bench.call("DescribeInstances", {}, "eu-central-1").count("//instanceId"), 0U);
  EXPECT_TRUE(bench.call("DescribeInstances", {}, "us-gov-west-1").succeeded());
  for (const auto* wrong :
       {"moon", "us-east", "US-EAST-1", "us-east-1a", "../etc", "a-b-c-d-e-1"}) {
    EXPECT_EQ(bench.call("DescribeInstances", {}, wrong).status(), 403) << wrong;
  }
}

TEST(ApiRefusals, ALateRequestHasItsEffectLater) {
  ApiBench bench;
  bench.simulator.answer_later(
      bench.time.now() + Seconds(5),
      {"", "Action=StopInstances&Version=2016-11-15&InstanceId.1=" + bench.id()});
  bench.pass(Seconds(4));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running);
  bench.pass(Seconds(2));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::stopping);
  EXPECT_EQ(bench.server().history.back().at, bench.time.now() - Seconds(1));
}

}  // namespace
}  // namespace pitstop::test
