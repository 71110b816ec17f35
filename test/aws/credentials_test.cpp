#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credential_chain.hpp"
#include "aws/identity.hpp"
#include "home.hpp"
#include "support/closed_doors.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using test::Home;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view key_pair = "aws_access_key_id = ID\naws_secret_access_key = SECRET\n";

std::string profile_text(std::string_view section, std::string_view keys) {
  return "[" + std::string(section) + "]\n" + std::string(keys);
}

Task<void> ask(Identity& identity, Result<Credentials>& answer) {
  answer = co_await identity.credentials();
}

/// What the sources answer for a user's home, without the network and without a program.
Result<Credentials> credentials_of(const Home& home, std::optional<std::string> flag = {}) {
  TRY(auto identity,
      Identity::load({.region = "us-east-1", .profile = std::move(flag), .endpoint_url = {}},
                     home.environment(), test::closed_doors()));
  Result<Credentials> answer = fail(Error{});
  test::run([&] { return ask(identity, answer); });
  return answer;
}

/// The access key id, or the error's message.
std::string id_of(const Home& home, std::optional<std::string> flag = {}) {
  const auto credentials = credentials_of(home, std::move(flag));
  return credentials ? credentials->access_key_id : credentials.error().message;
}

Home& set_keys(Home& home) {
  return home.set("AWS_ACCESS_KEY_ID", "ENV").set("AWS_SECRET_ACCESS_KEY", "ENVSECRET");
}

TEST(Credentials, ComeFromTheEnvironment) {
  Home home;
  auto credentials = credentials_of(set_keys(home));
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->access_key_id, "ENV");
  EXPECT_EQ(credentials->secret_access_key.reveal(), "ENVSECRET");
  EXPECT_TRUE(credentials->session_token.empty());
  EXPECT_FALSE(credentials->expires);

  home.set("AWS_SESSION_TOKEN", "TOKEN").set("AWS_CREDENTIAL_EXPIRATION", "2026-11-23T00:16:00Z");
  credentials = credentials_of(home);
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->session_token.reveal(), "TOKEN");
  EXPECT_EQ(credentials->expires, parse_rfc3339("2026-11-23T00:16:00Z"));

  home.set("AWS_SECURITY_TOKEN", "OLDER");
  EXPECT_EQ(credentials_of(home)->session_token.reveal(), "OLDER");
}

TEST(Credentials, AnExpiryIsReadAsAwsCliWritesIt) {
  Home home;
  set_keys(home).set("AWS_CREDENTIAL_EXPIRATION", "2026-11-23T00:16:00+00:00");
  EXPECT_EQ(credentials_of(home)->expires, parse_rfc3339("2026-11-23T00:16:00Z"));
  home.set("AWS_CREDENTIAL_EXPIRATION", "2026-11-23T02:16:00+02:00");
  EXPECT_EQ(credentials_of(home)->expires, parse_rfc3339("2026-11-23T00:16:00Z"));
  for (const auto* bad : {"tomorrow", "2026-11-23T00:16:00+1:00", "+00:00", "2026-11-23"}) {
    home.set("AWS_CREDENTIAL_EXPIRATION", bad);
    EXPECT_EQ(id_of(home), "the environment: AWS_CREDENTIAL_EXPIRATION is not a time") << bad;
  }
}

TEST(Credentials, ComeFromTheCredentialsFileThenTheConfigFile) {
  Home home;
  home.config(profile_text("profile a", "aws_access_key_id = CONFIG\naws_secret_access_key = x\n"));
  EXPECT_EQ(id_of(home, "a"), "CONFIG");
  home.credentials(profile_text("a", std::string(key_pair) + "aws_session_token = TOKEN\n"));
  const auto credentials = credentials_of(home, "a");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->access_key_id, "ID");
  EXPECT_EQ(credentials->secret_access_key.reveal(), "SECRET");
  EXPECT_EQ(credentials->session_token.reveal(), "TOKEN");
}

TEST(Credentials, AProfileByFlagTurnsTheEnvironmentOff) {
  Home home;
  set_keys(home).credentials(profile_text("a", key_pair));
  EXPECT_EQ(id_of(home, "a"), "ID");
  home.set("AWS_PROFILE", "a");
  EXPECT_EQ(id_of(home), "ENV") << "a profile by variable does not";
}

TEST(Credentials, HalfAPairInTheEnvironmentIsAnError) {
  Home id_only;
  id_only.set("AWS_ACCESS_KEY_ID", "ENV").credentials(profile_text("default", key_pair));
  const auto credentials = credentials_of(id_only);
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().kind, ErrorKind::usage);
  EXPECT_EQ(credentials.error().message,
            "the environment: AWS_SECRET_ACCESS_KEY is missing, but AWS_ACCESS_KEY_ID is there");
  Home secret_only;
  secret_only.set("AWS_SECRET_ACCESS_KEY", "x").set("AWS_ACCESS_KEY_ID", "");
  EXPECT_EQ(id_of(secret_only),
            "the environment: AWS_ACCESS_KEY_ID is missing, but AWS_SECRET_ACCESS_KEY is there");
}

TEST(Credentials, HalfAPairInAFileIsAnError) {
  Home home;
  home.credentials(profile_text("default", "aws_access_key_id = ID\naws_secret_access_key =\n"));
  EXPECT_EQ(id_of(home), "profile \"default\" in " +
                             (home.directory() / ".aws/credentials").string() +
                             ": aws_secret_access_key is missing, but aws_access_key_id is there");
  home.credentials("").config(profile_text("default", "aws_secret_access_key = SECRET\n"));
  EXPECT_THAT(id_of(home),
              HasSubstr("aws_access_key_id is missing, but aws_secret_access_key is there"));
}

TEST(Credentials, KeysHaveNoWhiteSpaceAndNoMessageShowsThem) {
  for (const auto* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    for (const auto* bad : {"LEAK\r", "LEAK\nX-Header: y", "LEAK # comment", "LEAK\x7f", "LEÄK"}) {
      Home home;
      const auto credentials = credentials_of(set_keys(home).set(name, bad));
      ASSERT_FALSE(credentials) << name << bad;
      EXPECT_EQ(credentials.error().message, "the environment: " + std::string(name) +
                                                 " has white space or other strange characters");
      EXPECT_THAT(credentials.error().hint, Not(HasSubstr("LE")));
    }
  }
  Home continued;
  continued.credentials(profile_text("default", std::string(key_pair) + "  # no\n  LEAK\n"));
  EXPECT_THAT(id_of(continued), HasSubstr("aws_secret_access_key has white space"));
}

TEST(Credentials, NoneIsForbidden) {
  Home home;
  home.config("[default]\nregion = eu-west-1\n").set("AWS_SESSION_TOKEN", "alone");
  const auto credentials = credentials_of(home);
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(credentials.error().message, "no AWS credentials found");
  EXPECT_THAT(credentials.error().hint, HasSubstr("AWS_ACCESS_KEY_ID"));
}

TEST(Credentials, AProfileThatUsesAnUnsupportedSourceSaysSo) {
  Home home;
  home.config(profile_text("profile a", "login_session = x\n")).set("AWS_PROFILE", "a");
  const auto credentials = credentials_of(home);
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().kind, ErrorKind::usage);
  EXPECT_EQ(credentials.error().message,
            "profile \"a\" uses login_session, which pitstop does not support");
  EXPECT_EQ(credentials.error().hint,
            "export its keys: eval \"$(aws configure export-credentials --profile a --format "
            "env)\"");
  home.set("AWS_ACCESS_KEY_ID", "ENV").set("AWS_SECRET_ACCESS_KEY", "x");
  EXPECT_EQ(id_of(home), "ENV") << "the environment comes first: what the hint says, works";
}

TEST(Credentials, ExportedKeysNeedTheProfileByVariable) {
  Home home;
  home.config(profile_text("profile a", "login_session = x\n"));
  EXPECT_THAT(credentials_of(set_keys(home), "a").error().hint,
              HasSubstr("then set AWS_PROFILE=a instead of --profile a"));
}

TEST(Credentials, TheHintsCommandIsFitForAShell) {
  Home home;
  home.config("[profile \"a b\"]\nlogin_session = x\n");
  EXPECT_THAT(credentials_of(home, "a b").error().hint, HasSubstr("--profile 'a b' --format env"));
}

TEST(Credentials, EachSourceStandsWhereAwsToolsAskIt) {
  const std::string keys(key_pair);
  Home role;
  role.config(profile_text("default", "role_arn = x\n")).credentials(profile_text("default", keys));
  EXPECT_THAT(id_of(role), HasSubstr("role_arn needs")) << "before the keys";
  Home sso;
  sso.config(profile_text("default", "sso_account_id = 1\n"))
      .credentials(profile_text("default", keys));
  EXPECT_THAT(id_of(sso), HasSubstr("sso_role_name is missing")) << "before the keys";
  Home login;
  login.config(profile_text("default", "login_session = x\ncredential_process = x\n" + keys));
  EXPECT_THAT(id_of(login), HasSubstr("login_session")) << "before the process";
  Home process;
  process.config(profile_text("default", "credential_process = 'x\n" + keys));
  EXPECT_THAT(id_of(process), HasSubstr("credential_process")) << "before keys in config";
  process.credentials(profile_text("default", keys));
  EXPECT_EQ(id_of(process), "ID") << "after keys in the credentials file";
  Home session;
  session.config(profile_text("default", "sso_session = x\n" + keys));
  EXPECT_EQ(id_of(session), "ID") << "without account and role there is no SSO";
}

TEST(Credentials, AWebIdentityInTheEnvironmentComesBeforeTheFiles) {
  Home home;
  home.credentials(profile_text("default", key_pair)).set("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
  EXPECT_EQ(id_of(home), "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE has no role to assume");
  EXPECT_EQ(id_of(home, "default"), "ID") << "a profile by flag turns the environment off";
}

/// Answers from a script, and counts.
class ScriptedSource final : public CredentialSource {
 public:
  ScriptedSource(int& asked, Result<std::optional<Credentials>> answer)
      : asked_(asked), answer_(std::move(answer)) {}

  std::string_view name() const override { return "a script"; }
  Task<Result<std::optional<Credentials>>> load() override {
    ++asked_;
    co_return answer_;
  }

 private:
  int& asked_;
  Result<std::optional<Credentials>> answer_;
};

Credentials some_credentials(std::string id) {
  return {std::move(id), Secret("s"), {}, {}};
}

CO_TEST(CredentialChain, AsksOnlyTheOneThatHasAnsweredAgain) {
  int empty = 0;
  int full = 0;
  int never = 0;
  std::vector<std::unique_ptr<CredentialSource>> sources;
  sources.push_back(std::make_unique<ScriptedSource>(empty, std::nullopt));
  sources.push_back(std::make_unique<ScriptedSource>(full, some_credentials("first")));
  sources.push_back(std::make_unique<ScriptedSource>(never, some_credentials("second")));
  CredentialChain chain("any", std::move(sources));
  EXPECT_EQ(chain.name(), "any");
  for (int i = 0; i < 3; ++i) {
    const auto credentials = co_await chain.load();
    CO_ASSERT_TRUE(credentials && *credentials);
    EXPECT_EQ((*credentials)->access_key_id, "first");
  }
  EXPECT_EQ(chain.name(), "a script");
  EXPECT_EQ(empty, 1);
  EXPECT_EQ(full, 3);
  EXPECT_EQ(never, 0);
}

CO_TEST(CredentialChain, AnErrorEndsTheSearchAndIsNotRemembered) {
  int failing = 0;
  int never = 0;
  std::vector<std::unique_ptr<CredentialSource>> sources;
  sources.push_back(
      std::make_unique<ScriptedSource>(failing, fail(ErrorKind::transient, "no answer")));
  sources.push_back(std::make_unique<ScriptedSource>(never, some_credentials("other")));
  CredentialChain chain("any", std::move(sources));
  for (int i = 1; i <= 2; ++i) {
    const auto credentials = co_await chain.load();
    CO_ASSERT_TRUE(!credentials);
    EXPECT_EQ(credentials.error().kind, ErrorKind::transient);
    EXPECT_EQ(failing, i);
  }
  EXPECT_EQ(never, 0);
}

}  // namespace
}  // namespace pitstop
