// The real program with each source of credentials that moto, a program or a server on this host
// can be: it backs up, says which source it was, and nowhere says a secret.

#include <gmock/gmock.h>

#include "peer/peer.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class PeerCredentials : public PeerTest {
 protected:
  /// Backs up a server with what the configuration and the environment say.
  ProcessResult back_up(const std::string& config, EnvironmentChanges changes) {
    const auto made = make_instance(moto().endpoint());
    changes["AWS_CONFIG_FILE"] = home_.write("config", config).string();
    changes["AWS_ACCESS_KEY_ID"] = std::nullopt;
    changes["AWS_SECRET_ACCESS_KEY"] = std::nullopt;
    return pitstop({"backup", made.id.str(), "--log-level", "debug"}, std::move(changes));
  }

  /// That it worked, with these credentials.
  static void expect_source(const ProcessResult& result, const std::string& source) {
    EXPECT_EQ(result.exit_status, 0) << result;
    EXPECT_THAT(result.errors, HasSubstr("AWS credentials come from " + source));
    EXPECT_THAT(result.output + result.errors, Not(HasSubstr("SECRET")));
  }

  /// The access key by which the last call was signed.
  std::string signer() const {
    const auto authorization = server->requests().back().header("Authorization");
    const auto begin = authorization.find("Credential=") + 11;
    return authorization.substr(begin, authorization.find('/', begin) - begin);
  }

  TemporaryDirectory home_;
};

TEST_F(PeerCredentials, OfAProgram) {
  const auto result = back_up(
      "[default]\ncredential_process = printf '{\"Version\": 1, \"AccessKeyId\": \"PROCESS\", "
      "\"SecretAccessKey\": \"SECRETKEY\", \"SessionToken\": \"SECRETTOKEN\"}'\n",
      {});
  expect_source(result, "credential_process of profile \"default\"");
  EXPECT_EQ(signer(), "PROCESS");
}

TEST_F(PeerCredentials, OfARole) {
  const auto result = back_up(
      "[default]\nrole_arn = arn:aws:iam::123456789012:role/backup\nsource_profile = default\n"
      "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = SECRETKEY\n",
      {{"AWS_ENDPOINT_URL_STS", moto().endpoint()}});
  expect_source(result, "the role of profile \"default\"");
  EXPECT_THAT(signer(), HasSubstr("ASIA"));
}

/// As moto gives them for a role; what they make is in the role's account.
EnvironmentChanges keys_of_role(const std::string& role) {
  const auto assumed = aws_cli(
      moto().endpoint(), {"sts", "assume-role", "--role-arn", role, "--role-session-name", "test"});
  const auto& keys = assumed.at("Credentials");
  return {{"AWS_ACCESS_KEY_ID", keys.at("AccessKeyId").get<std::string>()},
          {"AWS_SECRET_ACCESS_KEY", keys.at("SecretAccessKey").get<std::string>()},
          {"AWS_SESSION_TOKEN", keys.at("SessionToken").get<std::string>()}};
}

TEST_F(PeerCredentials, OfTheRolesOfTwoAccounts) {
  const std::vector<std::string> roles{"arn:aws:iam::222222222222:role/pitstop",
                                       "arn:aws:iam::333333333333:role/pitstop"};
  for (const auto& role : roles) {
    make_instance(moto().endpoint(), {}, keys_of_role(role));
  }
  const auto result = pitstop({"backup", "--all", "--yes", "--no-wait", "--assume-role", roles[0],
                               "--assume-role", roles[1]},
                              {{"AWS_ENDPOINT_URL_STS", moto().endpoint()}});
  ASSERT_EQ(result.exit_status, 0) << result;
  const auto said = messages_in(result.output);
  EXPECT_EQ(said.front()["servers"][0]["site"], "us-east-1 of account 222222222222");
  EXPECT_EQ(said.front()["servers"][1]["site"], "us-east-1 of account 333333333333");
  EXPECT_EQ(said.back()["backups"].size(), 2U);
}

TEST_F(PeerCredentials, OfAWebIdentity) {
  const auto token = home_.write("token", "SECRET.WEB.TOKEN");
  const auto result = back_up("", {{"AWS_ENDPOINT_URL_STS", moto().endpoint()},
                                   {"AWS_WEB_IDENTITY_TOKEN_FILE", token.string()},
                                   {"AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/backup"}});
  expect_source(result, "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE");
  EXPECT_THAT(signer(), HasSubstr("ASIA"));
}

TEST_F(PeerCredentials, OfTheInstance) {
  const auto result = back_up("", {{"AWS_EC2_METADATA_DISABLED", std::nullopt},
                                   {"AWS_EC2_METADATA_SERVICE_ENDPOINT", moto().endpoint()}});
  expect_source(result, "the instance role");
  EXPECT_EQ(signer(), "test-key");
}

TEST_F(PeerCredentials, OfAContainer) {
  FaultServer container;
  container.on_any().always().reply(200,
                                    R"({"AccessKeyId": "CONTAINER", "SecretAccessKey": "SECRETKEY",
                                        "Token": "SECRETTOKEN",
                                        "Expiration": "2099-01-01T00:00:00Z"})");
  const auto result =
      back_up("", {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", container.endpoint() + "/v2/SECRETID"},
                   {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "SECRETWORD"}});
  expect_source(result, "the container");
  EXPECT_EQ(signer(), "CONTAINER");
  EXPECT_EQ(container.requests().size(), 1U) << "asked once, for all calls";
}

}  // namespace
}  // namespace pitstop::test
