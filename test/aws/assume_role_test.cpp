#include "aws/assume_role.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "credential_bench.hpp"
#include "sts_replies.hpp"
#include "support/coroutine.hpp"
#include "support/fault_server.hpp"
#include "support/moto_server.hpp"

namespace pitstop {
namespace {

using test::CredentialBench;
using test::FaultServer;
using test::RecordedRequest;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr std::string_view base_keys =
    "aws_access_key_id = BASE\naws_secret_access_key = SECRETBASE\n";

/// The access key by which a request is signed.
std::string signer(const RecordedRequest& request) {
  const auto authorization = request.header("Authorization");
  const auto begin = authorization.find("Credential=") + 11;
  return authorization.substr(begin, authorization.find('/', begin) - begin);
}

/// Gives the credentials of a role an id that tells the role, and who has assumed it.
void serve_sts(FaultServer& server) {
  server.on("AssumeRole").always().answer([](const RecordedRequest& request) {
    return test::xml_reply(
        200, test::sts_reply("AssumeRole", request.parameter("RoleArn") + ":" + signer(request)));
  });
}

CredentialBench& point_at(CredentialBench& bench, const std::string& endpoint) {
  bench.home.set("AWS_ENDPOINT_URL_STS", endpoint);
  return bench;
}

CO_TEST(AssumeRole, WithTheKeysOfAnotherProfile) {
  FaultServer server;
  serve_sts(server);
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint()).home.credentials("[base]\n" + std::string(base_keys));
  bench.home.config(
      "[profile a]\nrole_arn = ROLE\nsource_profile = base\nexternal_id = SECRETID\n"
      "role_session_name = nightly\nduration_seconds = 7200\n");
  const auto answer = co_await bench.ask("a");
  answer.expect_whole("ROLE:BASE", "come from the role of profile \"a\"");
  const auto request = server.requests("AssumeRole").at(0);
  EXPECT_EQ(request.parameter("Version"), "2011-06-15");
  EXPECT_EQ(request.parameter("ExternalId"), "SECRETID");
  EXPECT_EQ(request.parameter("RoleSessionName"), "nightly");
  EXPECT_EQ(request.parameter("DurationSeconds"), "7200");
  EXPECT_THAT(request.header("Authorization"), HasSubstr("/us-east-1/sts/aws4_request"));
}

CO_TEST(AssumeRole, WhatIsNotSetIsNotSentAndTheSessionGetsAName) {
  FaultServer server;
  serve_sts(server);
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint())
      .home.config("[default]\nrole_arn = ROLE\nsource_profile = default\n" +
                   std::string(base_keys));
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "ROLE:BASE") << "a profile may have the keys for its own role";
  const auto request = server.requests("AssumeRole").at(0);
  EXPECT_THAT(request.parameter("RoleSessionName"), MatchesRegex("pitstop-[0-9a-f]{16}"));
  EXPECT_FALSE(request.parameters.contains("ExternalId"));
  EXPECT_FALSE(request.parameters.contains("DurationSeconds"));
}

CO_TEST(AssumeRole, RolesMayBeChained) {
  FaultServer server;
  serve_sts(server);
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint()).home.credentials("[base]\n" + std::string(base_keys));
  bench.home.config(
      "[profile a]\nrole_arn = A\nsource_profile = b\n"
      "[profile b]\nrole_arn = B\nsource_profile = base\n");
  const auto answer = co_await bench.ask("a");
  EXPECT_EQ(answer.id(), "A:B:BASE");
  EXPECT_THAT(answer.said,
              HasSubstr("the role of profile \"a\" is assumed with the role of profile "
                        "\"b\""));
}

CO_TEST(AssumeRole, WithANamedSource) {
  FaultServer server;
  serve_sts(server);
  server.when("container", [](const RecordedRequest& request) { return request.target == "/c"; })
      .always()
      .reply(200, R"({"AccessKeyId": "CONTAINER", "SecretAccessKey": "S", "Token": "T",
                      "Expiration": "2099-01-01T00:00:00Z"})");
  for (const std::string source : {"Environment", "EcsContainer", "Elsewhere"}) {
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    point_at(bench, server.endpoint())
        .home.set("AWS_ACCESS_KEY_ID", "ENV")
        .set("AWS_SECRET_ACCESS_KEY", "S")
        .set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.endpoint() + "/c")
        .config("[profile a]\nrole_arn = ROLE\ncredential_source = " + source + "\n");
    const auto answer = co_await bench.ask("a");
    const auto expected = source == "Environment"    ? "ROLE:ENV"
                          : source == "EcsContainer" ? "ROLE:CONTAINER"
                                                     : "profile \"a\": credential_source is "
                                                       "\"Elsewhere\"";
    EXPECT_EQ(answer.id(), expected);
  }
}

CO_TEST(AssumeRole, OfMoto) {
  if (!test::moto_available()) {
    GTEST_SUCCEED() << "there is no moto_server";
    co_return;
  }
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, test::moto().endpoint())
      .home.config(
          "[default]\nrole_arn = arn:aws:iam::123456789012:role/backup\nsource_profile = default\n"
          "duration_seconds = 900\n" +
          std::string(base_keys));
  const auto answer = co_await bench.ask();
  CO_ASSERT_TRUE(answer.credentials);
  EXPECT_TRUE(answer.credentials->access_key_id.starts_with("ASIA"));
  EXPECT_TRUE(answer.credentials->expires);
  EXPECT_THAT(answer.said, Not(HasSubstr(answer.credentials->secret_access_key.reveal())));
  EXPECT_THAT(answer.said, Not(HasSubstr(answer.credentials->session_token.reveal())));
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
}

CO_TEST(AssumeRole, WhatIsSetUpWronglyIsAnErrorAndNobodyIsAsked) {
  struct Case {
    const char* config;
    const char* message;
  };
  const Case cases[] = {
      {"role_arn = R\n", "profile \"a\": role_arn needs source_profile or credential_source"},
      {"role_arn = R\nsource_profile = a\ncredential_source = Environment\n",
       "profile \"a\": source_profile and credential_source exclude each other"},
      {"role_arn = R\nsource_profile = nobody\n",
       "profile \"a\": there is no source_profile \"nobody\""},
      {"role_arn = R\nsource_profile = a\n",
       "profile \"a\": source_profile \"a\" closes a circle: a"},
      {"role_arn = R\nsource_profile = b\n[profile b]\nrole_arn = R\nsource_profile = a\n",
       "profile \"b\": source_profile \"a\" closes a circle: a, b"},
      {"role_arn = R\nsource_profile = b\n[profile b]\nregion = us-east-1\n",
       "the role of profile \"a\": profile \"b\" has no credentials to assume it with"},
      {"role_arn =\ncredential_source = Environment\n", "role_arn of profile \"a\" is empty"},
      {"role_arn = R\ncredential_source = Environment\nduration_seconds = 899\n",
       "duration_seconds of profile \"a\" is \"899\""},
      {"role_arn = R\ncredential_source = Environment\nduration_seconds = 43201\n",
       "duration_seconds of profile \"a\" is \"43201\""},
      {"role_arn = R\ncredential_source = Environment\nduration_seconds = 1h\n",
       "duration_seconds of profile \"a\" is \"1h\""},
      {"role_arn = R\ncredential_source = Environment\nmfa_serial = M\n",
       "profile \"a\" wants a code of an MFA device (mfa_serial), which pitstop does not support: "
       "at night nobody is there to type it"},
  };
  for (const auto& [config, message] : cases) {
    FaultServer server;
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    point_at(bench, server.endpoint()).home.config("[profile a]\n" + std::string(config));
    const auto answer = co_await bench.ask("a");
    EXPECT_EQ(answer.id(), message);
    EXPECT_TRUE(server.requests().empty());
    CO_ASSERT_TRUE(!answer.credentials);
    EXPECT_EQ(answer.credentials.error().kind, ErrorKind::usage);
  }
}

/// A profile whose role the server refuses or garbles.
Task<CredentialBench::Answer> ask(FaultServer& server) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint())
      .home.config(
          "[default]\nrole_arn = ROLE\nsource_profile = default\n"
          "external_id = SECRETID\n" +
          std::string(base_keys));
  const std::optional<std::string> no_flag;
  auto answer = co_await bench.ask(no_flag);
  co_return answer;
}

CO_TEST(AssumeRole, ARefusalSaysWhyWithoutASecret) {
  FaultServer server;
  server.on("AssumeRole")
      .always()
      .reply(403, test::sts_error("AccessDenied", "no sts:AssumeRole for SECRETID\nSECRETBASE"));
  const auto answer = co_await ask(server);
  EXPECT_EQ(answer.id(),
            "the role of profile \"default\": AssumeRole: AccessDenied: no sts:AssumeRole for ***");
  EXPECT_THAT(answer.hint(), HasSubstr("sts:AssumeRole"));
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  EXPECT_EQ(answer.credentials.error().kind, ErrorKind::forbidden);
}

CO_TEST(AssumeRole, ThrottlingAndFailuresAreTriedAgain) {
  FaultServer server;
  server.on("AssumeRole").nth(1).reply(400, test::sts_error("Throttling", "Rate exceeded"));
  server.on("AssumeRole").nth(2).close_unanswered();
  server.on("AssumeRole").nth(3).reply(200, test::sts_reply("AssumeRole", "ID"));
  const auto answer = co_await ask(server);
  EXPECT_EQ(answer.id(), "ID");
}

CO_TEST(AssumeRole, BadAnswersAreErrorsThatDoNotShowThem) {
  const auto garbled = [](std::string_view part, std::string_view other) {
    auto reply = test::sts_reply("AssumeRole", "ID");
    return reply.replace(reply.find(part), part.size(), other);
  };
  struct Case {
    std::string body;
    const char* message;
  };
  const Case cases[] = {
      {"", "the answer has no credentials"},
      {"<html>SECRETKEY</html>", "the answer has no credentials"},
      {test::sts_reply("AssumeRole", "ID").substr(0, 250), "the answer has no credentials"},
      {test::sts_reply("GetSessionToken", "ID"), "the answer has no credentials"},
      {garbled("SECRETKEY", ""), "the answer has no keys"},
      {garbled("SECRETTOKEN", ""), "the answer has no token or expiry"},
      {garbled("2099-01-01T00:00:00Z", "later"), "the answer has no token or expiry"},
      {garbled("SECRETKEY", "SECRET&#10;KEY"),
       "the keys of the answer have white space or other strange characters"},
  };
  for (const auto& [body, message] : cases) {
    FaultServer server;
    server.on("AssumeRole").always().reply(200, body);
    const auto answer = co_await ask(server);
    EXPECT_THAT(answer.id(), HasSubstr(std::string("AssumeRole: ") + message)) << body;
    EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  }
}

}  // namespace
}  // namespace pitstop
