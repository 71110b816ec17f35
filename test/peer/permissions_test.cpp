// The real program as a user of IAM whose policies moto enforces.

#include <gmock/gmock.h>

#include <algorithm>

#include "peer/peer.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class PeerPermissions : public PeerTest {
 protected:
  void TearDown() override { moto().enforce_policies(false); }

  /// The policy that pitstop prints, without one action; and of the actions only, for moto looks
  /// neither at resources nor at conditions as AWS does.
  static std::string policy_for(const std::string& command, const std::string& without = "") {
    const auto printed = run_process({.arguments = {PITSTOP_BINARY, "iam-policy", command}});
    auto policy = nlohmann::json::parse(printed.output);
    for (auto& statement : policy["Statement"]) {
      auto& actions = statement["Action"];
      statement["Resource"] = "*";
      statement.erase("Condition");
      actions.erase(std::remove(actions.begin(), actions.end(), without), actions.end());
    }
    auto& statements = policy["Statement"];
    statements.erase(std::remove_if(statements.begin(), statements.end(),
                                    [](const auto& one) { return one["Action"].empty(); }),
                     statements.end());
    return policy.dump();
  }

  /// A user with that policy, and from now on all policies count.
  static EnvironmentChanges become_user(const std::string& policy) {
    const auto& endpoint = moto().endpoint();
    aws_cli(endpoint, {"iam", "create-user", "--user-name", "backup"});
    aws_cli(endpoint, {"iam", "put-user-policy", "--user-name", "backup", "--policy-name",
                       "pitstop", "--policy-document", policy});
    const auto made = aws_cli(endpoint, {"iam", "create-access-key", "--user-name", "backup"});
    moto().enforce_policies(true);
    return {{"AWS_ACCESS_KEY_ID", made["AccessKey"]["AccessKeyId"].get<std::string>()},
            {"AWS_SECRET_ACCESS_KEY", made["AccessKey"]["SecretAccessKey"].get<std::string>()}};
  }
};

TEST_F(PeerPermissions, ThePrintedPolicyIsEnough) {
  const auto made = make_instance(moto().endpoint());
  const auto user = become_user(policy_for("backup"));
  const auto result = pitstop({"backup", made.id.str()}, user);
  EXPECT_EQ(result.exit_status, 0) << result;
}

TEST_F(PeerPermissions, WhoMayNotStartAServerDoesNotStopIt) {
  const auto made = make_instance(moto().endpoint());
  const auto user = become_user(policy_for("backup", "ec2:StartInstances"));
  const auto result = pitstop({"backup", made.id.str()}, user);
  EXPECT_EQ(result.exit_status, 10) << result;
  EXPECT_THAT(first_backup(result)["error"]["message"], HasSubstr("StartInstances"));
  EXPECT_THAT(first_backup(result)["error"]["hint"], HasSubstr("allow ec2:StartInstances"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(PeerPermissions, ACheckNamesAllThatIsMissing) {
  const auto made = make_instance(moto().endpoint());
  const auto user = become_user(policy_for("check"));
  const auto result = pitstop({"check", made.id.str()}, user);
  EXPECT_EQ(result.exit_status, 10) << result;
  const auto found = messages_in(result.output).at(0)["findings"].dump();
  for (const auto* action :
       {"StartInstances", "StopInstances", "CreateTags", "DeleteTags", "CreateSnapshots"}) {
    EXPECT_THAT(found, HasSubstr(std::string("allow ec2:") + action));
  }
  EXPECT_THAT(changes(), IsEmpty());
}

}  // namespace
}  // namespace pitstop::test
