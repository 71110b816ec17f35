#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command_bench.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using namespace test;
using nlohmann::json;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::string printed_template() {
  CommandBench bench;
  auto printed = bench.run({"guard", "template"});
  EXPECT_EQ(printed.status, 0);
  EXPECT_EQ(printed.diagnostics, "");
  return printed.output;
}

TEST(GuardCommand, HelpsInAPage) {
  CommandBench().expect_help({"guard", "--help"}, "cli/golden/guard_help.txt");
  CommandBench().expect_help({"guard", "template", "--help"}, "cli/golden/guard_template_help.txt");
}

TEST(GuardCommand, SaysWhatIsMissingOrUnknown) {
  CommandBench bench;
  const auto missing = bench.run({"guard"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.diagnostics, HasSubstr("no command of pitstop guard is given"));
  EXPECT_THAT(missing.diagnostics, HasSubstr("HINT: commands: template"));
  const auto unknown = bench.run({"guard", "templat"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.diagnostics, HasSubstr("unknown command \"templat\""));
  EXPECT_THAT(unknown.diagnostics, HasSubstr("did you mean template? see pitstop guard --help"));
  const auto option = bench.run({"guard", "template", "--regoin", "x"});
  EXPECT_EQ(option.status, 2);
  EXPECT_THAT(option.diagnostics, HasSubstr("did you mean --region? see pitstop guard template"));
}

TEST(GuardCommand, AsksNothingOfAws) {
  CommandBench bench;
  EXPECT_EQ(bench.run({"guard", "template", "--region", "eu-central-1"}).status, 0);
  EXPECT_EQ(bench.run({"--output", "json", "guard", "template"}).output, printed_template());
}

TEST(GuardTemplate, HasNothingThatCfnLintMinds) {
  if (!find_program("cfn-lint")) {
    GTEST_SKIP() << "cfn-lint is not on the PATH";
  }
  const TemporaryDirectory directory;
  directory.write("guard.yaml", printed_template());
  const auto path = (directory / "guard.yaml").string();
  const auto result = run_process({.arguments = {"cfn-lint", "--include-checks", "I", "--", path}});
  EXPECT_TRUE(result.succeeded()) << result;
  EXPECT_EQ(result.output, "");
}

class GuardTemplateStatements : public testing::Test {
 protected:
  void SetUp() override {
    const auto has_yaml = run_process({.arguments = {"python3", "-c", "import yaml"}});
    if (!has_yaml.succeeded()) {
      GTEST_SKIP() << "python3 cannot import yaml";
    }
    const auto converted =
        run_process({.arguments = {"python3", PITSTOP_SOURCE_DIR "/test/cli/template_to_json.py"},
                     .environment = {{"PYTHONUTF8", "1"}, {"PYTHONDONTWRITEBYTECODE", "1"}},
                     .input = printed_template()});
    ASSERT_TRUE(converted.succeeded()) << converted;
    all = json::parse(converted.output);
    role = all["Resources"]["GuardRole"]["Properties"];
    trust = role["AssumeRolePolicyDocument"]["Statement"];
    of_role = role["Policies"][0]["PolicyDocument"]["Statement"];
    of_user = all["Resources"]["GuardUserPolicy"]["Properties"]["PolicyDocument"]["Statement"];
  }

  static std::vector<std::string> actions_of(const json& statement) {
    const auto& actions = statement["Action"];
    return actions.is_string() ? std::vector{actions.get<std::string>()}
                               : actions.get<std::vector<std::string>>();
  }

  json all, role, trust, of_role, of_user;
};

TEST_F(GuardTemplateStatements, AreTheseAndNoMore) {
  EXPECT_EQ(all["Resources"].size(), 2U);
  EXPECT_EQ(role["Policies"].size(), 1U);
  EXPECT_FALSE(role.contains("ManagedPolicyArns"));
  std::vector<std::string> actions;
  for (const auto& statement : of_role) {
    EXPECT_EQ(statement["Effect"], "Allow");
    std::ranges::copy(actions_of(statement), std::back_inserter(actions));
  }
  EXPECT_THAT(actions, UnorderedElementsAre("ec2:StartInstances", "kms:CreateGrant"));
  actions.clear();
  for (const auto& statement : of_user) {
    EXPECT_EQ(statement["Effect"], "Allow");
    std::ranges::copy(actions_of(statement), std::back_inserter(actions));
  }
  EXPECT_THAT(actions, UnorderedElementsAre("scheduler:CreateSchedule", "scheduler:GetSchedule",
                                            "scheduler:DeleteSchedule", "iam:PassRole"));
}

TEST_F(GuardTemplateStatements, AreForNothingButWhatTheyName) {
  for (const auto& statements : {of_role, of_user}) {
    for (const auto& statement : statements) {
      EXPECT_FALSE(statement.contains("NotAction") || statement.contains("NotResource"));
      EXPECT_EQ(statement["Resource"].dump().find("\"*\""), std::string::npos) << statement;
    }
  }
  EXPECT_EQ(of_role[0]["Resource"],
            (json{{"Fn::Sub", "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:instance/*"}}));
  EXPECT_EQ(of_user[0]["Resource"],
            (json{{"Fn::Sub",
                   "arn:${AWS::Partition}:scheduler:*:${AWS::AccountId}:schedule/"
                   "default/pitstop-*"}}));
  EXPECT_EQ(of_user[1]["Resource"], (json{{"Fn::GetAtt", {"GuardRole", "Arn"}}}));
}

TEST_F(GuardTemplateStatements, StartOnlyWhatPitstopHasMarked) {
  EXPECT_EQ(of_role[0]["Condition"], (json{{"Null", {{"aws:ResourceTag/pitstop:down", "false"}}}}));
}

TEST_F(GuardTemplateStatements, UseKeysOnlyThroughEc2) {
  EXPECT_EQ(of_role[1]["Condition"],
            (json{{"Bool", {{"kms:GrantIsForAWSResource", "true"}}},
                  {"StringLike", {{"kms:ViaService", {{"Fn::Sub", "ec2.*.${AWS::URLSuffix}"}}}}}}));
}

TEST_F(GuardTemplateStatements, TrustTheSchedulesOfTheAccount) {
  ASSERT_EQ(trust.size(), 1U);
  EXPECT_EQ(trust[0]["Principal"], (json{{"Service", "scheduler.amazonaws.com"}}));
  EXPECT_EQ(trust[0]["Condition"],
            (json{{"StringEquals", {{"aws:SourceAccount", {{"Ref", "AWS::AccountId"}}}}},
                  {"ArnLike",
                   {{"aws:SourceArn",
                     {{"Fn::Sub",
                       "arn:${AWS::Partition}:scheduler:*:${AWS::AccountId}:"
                       "schedule-group/default"}}}}}}));
  EXPECT_EQ(of_user[1]["Condition"],
            (json{{"StringEquals", {{"iam:PassedToService", "scheduler.amazonaws.com"}}}}));
}

TEST_F(GuardTemplateStatements, ComeWithWordsAndOutputs) {
  for (const auto& [name, parameter] : all["Parameters"].items()) {
    EXPECT_FALSE(parameter.value("Description", "").empty()) << name;
  }
  EXPECT_EQ(all["Outputs"]["GuardRoleArn"]["Value"], (json{{"Fn::GetAtt", {"GuardRole", "Arn"}}}));
  EXPECT_EQ(all["Outputs"]["GuardUserPolicyArn"]["Value"], (json{{"Ref", "GuardUserPolicy"}}));
}

}  // namespace
}  // namespace pitstop
