#include "aws/web_identity.hpp"

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
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr auto action = "AssumeRoleWithWebIdentity";

/// What Kubernetes gives to a pod of EKS.
void set_up(CredentialBench& bench, const std::string& endpoint, std::string_view token) {
  const auto file = bench.home.directory().write("token", token);
  bench.home.set("AWS_WEB_IDENTITY_TOKEN_FILE", file.string())
      .set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/backup")
      .set("AWS_ENDPOINT_URL_STS", endpoint);
}

CO_TEST(WebIdentity, ShowsTheTokenOfTheFileWithoutASignature) {
  FaultServer server;
  server.on(action).always().reply(200, test::sts_reply(action, "ID"));
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench, server.endpoint(), "SECRET.WEB.TOKEN\n");
  const auto answer = co_await bench.ask();
  CO_ASSERT_TRUE(answer.credentials);
  EXPECT_EQ(answer.credentials->access_key_id, "ID");
  EXPECT_EQ(answer.credentials->session_token.reveal(), "SECRETTOKEN");
  EXPECT_THAT(answer.said,
              HasSubstr("come from the web identity of AWS_WEB_IDENTITY_TOKEN_FILE, until 2099"));
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  const auto request = server.requests(action).at(0);
  EXPECT_EQ(request.parameter("WebIdentityToken"), "SECRET.WEB.TOKEN");
  EXPECT_EQ(request.parameter("RoleArn"), "arn:aws:iam::123456789012:role/backup");
  EXPECT_THAT(request.parameter("RoleSessionName"), MatchesRegex("pitstop-[0-9a-f]{16}"));
  EXPECT_EQ(request.header("Authorization"), "");
}

CO_TEST(WebIdentity, OfMoto) {
  if (!test::moto_available()) {
    GTEST_SUCCEED() << "there is no moto_server";
    co_return;
  }
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench, test::moto().endpoint(), "SECRET.WEB.TOKEN");
  const auto answer = co_await bench.ask();
  CO_ASSERT_TRUE(answer.credentials);
  EXPECT_TRUE(answer.credentials->access_key_id.starts_with("ASIA"));
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  EXPECT_THAT(answer.said, Not(HasSubstr(answer.credentials->secret_access_key.reveal())));
}

CO_TEST(WebIdentity, EachSettingIsThatOfTheEnvironmentElseOfTheProfile) {
  FaultServer server;
  server.on(action).always().reply(200, test::sts_reply(action, "ID"));
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  const auto file = bench.home.directory().write("token", "of-profile");
  bench.home.config(
      "[profile a]\nrole_arn = of-profile\nrole_session_name = of-profile\n"
      "web_identity_token_file = " +
      file.string() + "\n");
  bench.home.set("AWS_ENDPOINT_URL_STS", server.endpoint())
      .set("AWS_ROLE_ARN", "of-environment")
      .set("AWS_PROFILE", "a");
  (void)co_await bench.ask();
  (void)co_await bench.ask("a");
  const auto requests = server.requests(action);
  CO_ASSERT_TRUE(requests.size() == 2);
  EXPECT_EQ(requests[0].parameter("RoleArn"), "of-environment");
  EXPECT_EQ(requests[0].parameter("RoleSessionName"), "of-profile");
  EXPECT_EQ(requests[0].parameter("WebIdentityToken"), "of-profile");
  EXPECT_EQ(requests[1].parameter("RoleArn"), "of-profile") << "--profile: no environment";
}

CO_TEST(WebIdentity, WhatIsSetUpWronglyIsAnErrorAndNobodyIsAsked) {
  FaultServer server;
  for (const std::string token : {"", "\n", "SECRET\nX-Header: y", "SECRET TOKEN"}) {
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    set_up(bench, server.endpoint(), token);
    const auto answer = co_await bench.ask();
    EXPECT_EQ(answer.id(), (bench.home.directory() / "token").string() +
                               " has no token of an identity provider");
    EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  }
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench, server.endpoint(), "token");
  bench.home.set("AWS_ROLE_ARN", "");
  const auto no_role = co_await bench.ask();
  EXPECT_EQ(no_role.id(), "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE has no role to assume");
  set_up(bench, server.endpoint(), "token");
  bench.home.set("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token");
  const auto no_file = co_await bench.ask();
  EXPECT_EQ(no_file.id(), "AWS_WEB_IDENTITY_TOKEN_FILE: there is no file /nonexistent/token");
  bench.home.set("AWS_WEB_IDENTITY_TOKEN_FILE", bench.home.directory().path().string());
  const auto unreadable = co_await bench.ask();
  EXPECT_THAT(unreadable.id(), HasSubstr(" cannot be read: is a directory"));
  EXPECT_THAT(unreadable.hint(), HasSubstr("AWS_WEB_IDENTITY_TOKEN_FILE"));
  EXPECT_TRUE(server.requests().empty());
}

CO_TEST(WebIdentity, ARefusalDoesNotShowTheToken) {
  FaultServer server;
  server.on(action).always().reply(
      400, test::sts_error("ExpiredTokenException", "Token SECRET.WEB.TOKEN has expired"));
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  set_up(bench, server.endpoint(), "SECRET.WEB.TOKEN");
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(),
            "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE: AssumeRoleWithWebIdentity: "
            "ExpiredTokenException: Token *** has expired");
  EXPECT_THAT(answer.hint(), HasSubstr("token file"));
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
}

}  // namespace
}  // namespace pitstop
