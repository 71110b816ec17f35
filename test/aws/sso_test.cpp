#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "aws/sso_role.hpp"
#include "credential_bench.hpp"
#include "support/coroutine.hpp"
#include "support/fault_server.hpp"

namespace pitstop {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::CredentialBench;
using test::FaultServer;
using test::RecordedRequest;
using testing::HasSubstr;
using testing::Not;

// sha1 of "corp", and of "https://corp.awsapps.com/start".
constexpr auto session_file = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
constexpr auto start_url_file = ".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json";

constexpr auto far_away = "2099-01-01T00:00:00Z";
constexpr auto long_ago = "2020-01-01T00:00:00UTC";
constexpr auto role_credentials =
    R"({"roleCredentials": {"accessKeyId": "ID", "secretAccessKey": "SECRETKEY",
        "sessionToken": "SECRETTOKEN", "expiration": 4070908800000}})";

bool asks_portal(const RecordedRequest& request) {
  return request.target.starts_with("/federation/credentials");
}

bool asks_oidc(const RecordedRequest& request) {
  return request.target == "/token";
}

/// A profile with the settings of somebody who has run aws configure sso.
class SsoBench : public CredentialBench {
 public:
  SsoBench(Executor executor, const FaultServer& server) : CredentialBench(std::move(executor)) {
    home.set("AWS_ENDPOINT_URL_SSO", server.endpoint())
        .set("AWS_ENDPOINT_URL_SSO_OIDC", server.endpoint())
        .set("AWS_PROFILE", "a b");
    home.config(
        "[profile \"a b\"]\nsso_session = corp\nsso_account_id = 123456789012\n"
        "sso_role_name = Back Up\n"
        "[sso-session corp]\nsso_region = eu-west-1\n"
        "sso_start_url = https://corp.awsapps.com/start\n");
    fs::create_directories(home.directory() / ".aws/sso/cache");
  }

  void use_older_form() {
    home.config(
        "[profile \"a b\"]\nsso_account_id = 123456789012\nsso_role_name = Back Up\n"
        "sso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n");
  }

  void cache(const char* file, const json& token) { home.directory().write(file, token.dump()); }
};

json token(const char* expires) {
  return {{"startUrl", "https://corp.awsapps.com/start"},
          {"accessToken", "SECRETACCESS"},
          {"expiresAt", expires}};
}

json renewable(const char* expires) {
  auto document = token(expires);
  document["refreshToken"] = "SECRETREFRESH";
  document["clientId"] = "client";
  document["clientSecret"] = "SECRETCLIENT";
  document["registrationExpiresAt"] = far_away;
  return document;
}

CO_TEST(Sso, GivesTheRoleToWhoHasLoggedIn) {
  for (const bool older_form : {false, true}) {
    FaultServer server;
    server.when("portal", asks_portal).always().reply(200, role_credentials, "application/json");
    SsoBench bench(co_await boost::asio::this_coro::executor, server);
    if (older_form) {
      bench.use_older_form();
    }
    bench.cache(older_form ? start_url_file : session_file, token(far_away));
    const auto answer = co_await bench.ask();
    EXPECT_EQ(answer.id(), "ID");
    CO_ASSERT_TRUE(answer.credentials);
    EXPECT_EQ(answer.credentials->secret_access_key.reveal(), "SECRETKEY");
    EXPECT_EQ(answer.credentials->session_token.reveal(), "SECRETTOKEN");
    EXPECT_EQ(answer.credentials->expires, parse_rfc3339(far_away));
    EXPECT_THAT(answer.said, HasSubstr("come from the SSO role of profile \"a b\", until 2099"));
    EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
    const auto request = server.requests().at(0);
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.target,
              "/federation/credentials?account_id=123456789012&role_name=Back%20Up");
    EXPECT_EQ(request.header("x-amz-sso_bearer_token"), "SECRETACCESS");
    EXPECT_EQ(request.header("Authorization"), "");
  }
}

CO_TEST(Sso, ATokenNearItsEndIsRenewedAndWrittenBackForOthers) {
  FaultServer server;
  server.when("portal", asks_portal).always().reply(200, role_credentials, "application/json");
  server.when("oidc", asks_oidc)
      .nth(1)
      .reply(200,
             R"({"accessToken": "SECRETNEWER", "expiresIn": 3600, "tokenType": "Bearer",
                 "refreshToken": "SECRETNEXT"})",
             "application/json");
  SsoBench bench(co_await boost::asio::this_coro::executor, server);
  bench.cache(session_file, renewable(long_ago));
  for (int i = 0; i < 2; ++i) {
    const auto answer = co_await bench.ask();
    EXPECT_EQ(answer.id(), "ID");
    EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  }
  const auto renewal = server.requests().at(0);
  EXPECT_EQ(json::parse(renewal.body), json({{"clientId", "client"},
                                             {"clientSecret", "SECRETCLIENT"},
                                             {"grantType", "refresh_token"},
                                             {"refreshToken", "SECRETREFRESH"}}));
  EXPECT_EQ(server.requests().at(1).header("x-amz-sso_bearer_token"), "SECRETNEWER");
  EXPECT_EQ(server.requests().size(), 3U) << "the second time the file has the new one";

  const auto file = bench.home.directory() / session_file;
  const auto written = json::parse(std::ifstream(file));
  EXPECT_EQ(written["accessToken"], "SECRETNEWER");
  EXPECT_EQ(written["refreshToken"], "SECRETNEXT");
  EXPECT_EQ(written["clientId"], "client");
  EXPECT_EQ(written["expiresAt"].get<std::string>().size(), 20U);
  EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600));
  EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), {}), 1);
}

/// The message, for a token that the server does not get to renew.
Task<CredentialBench::Answer> ask_with(const FaultServer& server, json cached) {
  SsoBench bench(co_await boost::asio::this_coro::executor, server);
  bench.cache(session_file, cached);
  const std::optional<std::string> no_flag;
  auto answer = co_await bench.ask(no_flag);
  co_return answer;
}

CO_TEST(Sso, WhatCannotBeRenewedHasToLogIn) {
  FaultServer server;
  auto registration_expired = renewable(long_ago);
  registration_expired["registrationExpiresAt"] = long_ago;
  auto without_refresh = renewable(long_ago);
  without_refresh.erase("refreshToken");
  for (const auto& cached : {token(long_ago), registration_expired, without_refresh}) {
    const auto answer = co_await ask_with(server, cached);
    EXPECT_EQ(answer.id(),
              "the SSO role of profile \"a b\": the login has expired at 2020-01-01T00:00:00Z");
    EXPECT_EQ(answer.hint(), "log in: aws sso login --profile 'a b'");
    EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
    EXPECT_EQ(answer.credentials.error().kind, ErrorKind::forbidden);
  }
  EXPECT_TRUE(server.requests().empty());
}

CO_TEST(Sso, ARenewalThatIsRefusedHasToLogIn) {
  FaultServer server;
  server.when("oidc", asks_oidc)
      .always()
      .reply(400, R"({"error": "invalid_grant", "error_description": "not SECRETREFRESH"})",
             "application/json");
  const auto answer = co_await ask_with(server, renewable(long_ago));
  EXPECT_EQ(answer.id(), "the SSO role of profile \"a b\": CreateToken: invalid_grant: not ***");
  EXPECT_EQ(answer.hint(), "log in: aws sso login --profile 'a b'");
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
}

CO_TEST(Sso, ARenewalThatBringsNothingKeepsTheOldTokenWhileItIsValid) {
  for (const auto* body : {"", "<html>", R"({"accessToken": "SECRETNEWER"})",
                           R"({"accessToken": "SECRETNEWER", "expiresIn": 1e300})",
                           R"({"accessToken": "SECRETNEWER", "expiresIn": 9223372036854775807})",
                           R"({"accessToken": "SECRETNEWER\n", "expiresIn": 3600})"}) {
    FaultServer server;
    server.when("portal", asks_portal).always().reply(200, role_credentials, "application/json");
    server.when("oidc", asks_oidc).nth(1).reply(200, body, "application/json");
    const auto soon = SystemClock().wall() + std::chrono::minutes(10);
    const auto answer = co_await ask_with(server, renewable(rfc3339(soon).c_str()));
    EXPECT_EQ(answer.id(), "ID");
    EXPECT_THAT(answer.said, HasSubstr("the answer has no token; the old token lasts for a while"));
    EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
    EXPECT_EQ(server.requests().back().header("x-amz-sso_bearer_token"), "SECRETACCESS");
  }
}

CO_TEST(Sso, NobodyHasLoggedIn) {
  FaultServer server;
  SsoBench bench(co_await boost::asio::this_coro::executor, server);
  const auto answer = co_await bench.ask();
  EXPECT_THAT(answer.id(), HasSubstr("nobody has logged in: there is no "));
  EXPECT_EQ(answer.hint(), "log in: aws sso login --profile 'a b'");
  for (const auto* content :
       {"", "SECRET", "[]", R"({"accessToken": "SECRET"})", R"({"expiresAt": 1})",
        R"({"accessToken": "SECRET\r\n", "expiresAt": "2099-01-01T00:00:00Z"})"}) {
    bench.home.directory().write(session_file, content);
    const auto bad = co_await bench.ask();
    EXPECT_THAT(bad.id(), HasSubstr(" has no token in it"));
    EXPECT_THAT(bad.said, Not(HasSubstr("SECRET")));
  }
}

CO_TEST(Sso, ATokenThatThePortalDoesNotTakeHasToLogIn) {
  FaultServer server;
  server.when("portal", asks_portal)
      .nth(1)
      .reply(401,
             R"({"message": "SECRETACCESS not found or invalid",
                 "__type": "com.amazonaws.switchboard.portal#UnauthorizedException"})",
             "application/json");
  server.when("portal", asks_portal).nth(2).reply(403, R"({"message": "No access"})");
  const auto unknown = co_await ask_with(server, token(far_away));
  EXPECT_EQ(unknown.id(),
            "the SSO role of profile \"a b\": GetRoleCredentials: UnauthorizedException: *** not "
            "found or invalid");
  EXPECT_EQ(unknown.hint(), "log in: aws sso login --profile 'a b'");
  EXPECT_THAT(unknown.said, Not(HasSubstr("SECRET")));
  const auto no_role = co_await ask_with(server, token(far_away));
  EXPECT_EQ(no_role.id(),
            "the SSO role of profile \"a b\": GetRoleCredentials: HTTP 403: No access");
  EXPECT_THAT(no_role.hint(), HasSubstr("sso_role_name"));
}

CO_TEST(Sso, BadAnswersAreErrorsThatDoNotShowThem) {
  for (const auto* body :
       {"", "<html>SECRET</html>", R"({"roleCredentials": {"accessKeyId": "ID"}})",
        R"({"roleCredentials": [1]})",
        R"({"roleCredentials": {"accessKeyId": "ID", "secretAccessKey": "SECRET",
            "sessionToken": "SECRET", "expiration": 9223372036854775807}})",
        R"({"roleCredentials": {"secretAccessKey": "SECR)"}) {
    FaultServer server;
    server.when("portal", asks_portal).always().reply(200, body);
    const auto answer = co_await ask_with(server, token(far_away));
    EXPECT_EQ(answer.id(), "the SSO role of profile \"a b\": the answer has no credentials");
    EXPECT_THAT(answer.said, Not(HasSubstr("SECR")));
  }
}

CO_TEST(Sso, WhatIsSetUpWronglyIsAnError) {
  struct Case {
    const char* config;
    const char* message;
  };
  const Case cases[] = {
      {"[profile a]\nsso_account_id = 1\n", "profile \"a\": sso_role_name is missing"},
      {"[profile a]\nsso_account_id = 1\nsso_role_name = R\nsso_region = eu-west-1\n",
       "profile \"a\": sso_start_url is missing"},
      {"[profile a]\nsso_account_id = 1\nsso_role_name = R\nsso_session = x\n",
       "profile \"a\": there is no sso_session \"x\""},
      {"[profile a]\nsso_account_id = 1\nsso_role_name = R\nsso_session = x\n"
       "sso_region = eu-west-1\n[sso-session x]\nsso_region = eu-west-2\nsso_start_url = u\n",
       "profile \"a\": its sso_region is not that of its sso_session"},
      {"[profile a]\nsso_account_id = 1\nsso_role_name = R\nsso_region = a/b\nsso_start_url = u\n",
       "profile \"a\": sso_region is \"a/b\""},
  };
  for (const auto& [config, message] : cases) {
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    bench.home.config(config);
    const auto answer = co_await bench.ask("a");
    EXPECT_EQ(answer.id(), message);
  }
}

}  // namespace
}  // namespace pitstop
