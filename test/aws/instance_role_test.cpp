#include "aws/instance_role.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "credential_bench.hpp"
#include "scripted_http.hpp"
#include "support/coroutine.hpp"
#include "support/fault_server.hpp"
#include "support/moto_server.hpp"

namespace pitstop {
namespace {

using test::CredentialBench;
using test::FaultServer;
using testing::HasSubstr;
using testing::Not;

constexpr auto document =
    R"({"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ID",
        "SecretAccessKey": "SECRETKEY", "Token": "SECRETTOKEN",
        "Expiration": "2099-01-01T00:00:00Z"})";

void point_at(CredentialBench& bench, const std::string& endpoint) {
  bench.home.set("AWS_EC2_METADATA_DISABLED", "false")
      .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint + "/");
}

bool is_put(const test::RecordedRequest& request) {
  return request.method == "PUT";
}

bool is_get(const test::RecordedRequest& request) {
  return request.method == "GET";
}

/// The roles, and the document of one.
void serve_role(FaultServer& server, std::string body) {
  server.when("roles", is_get).nth(1).reply(200, "backup-role\n", "text/plain");
  server.when("role", is_get).nth(2).reply(200, std::move(body), "text/plain");
}

CO_TEST(InstanceRole, IsAskedWithASessionToken) {
  FaultServer server;
  server.when("token", is_put).always().reply(200, "SECRETSESSION", "text/plain");
  serve_role(server, document);
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint());
  const auto answer = co_await bench.ask();
  answer.expect_whole("ID", "come from the instance role");
  const auto requests = server.requests();
  CO_ASSERT_TRUE(requests.size() == 3);
  EXPECT_EQ(requests[0].target, "/latest/api/token");
  EXPECT_EQ(requests[0].header("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(requests[1].target, "/latest/meta-data/iam/security-credentials/");
  EXPECT_EQ(requests[2].target, "/latest/meta-data/iam/security-credentials/backup-role");
  EXPECT_EQ(requests[2].header("x-aws-ec2-metadata-token"), "SECRETSESSION");
}

CO_TEST(InstanceRole, ComesFromMoto) {
  if (!test::moto_available()) {
    GTEST_SUCCEED() << "there is no moto_server";
    co_return;
  }
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, test::moto().endpoint());
  const auto answer = co_await bench.ask();
  CO_ASSERT_TRUE(answer.credentials);
  EXPECT_EQ(answer.credentials->access_key_id, "test-key");
  EXPECT_THAT(answer.said, Not(HasSubstr(answer.credentials->secret_access_key.reveal())));
  EXPECT_THAT(answer.said, Not(HasSubstr(answer.credentials->session_token.reveal())));
}

CO_TEST(InstanceRole, WhereNoTokensAreKnownItIsAskedWithout) {
  for (const int status : {403, 404, 405}) {
    FaultServer server;
    server.when("token", is_put).always().reply(status, "");
    serve_role(server, document);
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    point_at(bench, server.endpoint());
    const auto answer = co_await bench.ask();
    EXPECT_EQ(answer.id(), "ID") << status;
    EXPECT_EQ(server.requests().back().header("x-aws-ec2-metadata-token"), "");
  }
}

CO_TEST(InstanceRole, ButNotIfThatIsForbidden) {
  FaultServer server;
  server.when("token", is_put).always().reply(405, "");
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint());
  bench.home.set("AWS_EC2_METADATA_V1_DISABLED", "true");
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "the instance role: the instance metadata service at " +
                             server.endpoint() +
                             " gives no token, and AWS_EC2_METADATA_V1_DISABLED keeps from asking "
                             "without one");
  EXPECT_EQ(server.requests().size(), 1U);
}

CO_TEST(InstanceRole, AnAnswerThatDoesNotGetThroughPointsToTheHopLimit) {
  FaultServer server;
  server.when("token", is_put).always().hang();
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint());
  const auto answer = co_await bench.ask();
  EXPECT_THAT(answer.id(), HasSubstr("the instance role: the instance metadata service: " +
                                     server.endpoint() + "/latest/api/token: "));
  EXPECT_THAT(answer.hint(), HasSubstr("--http-put-response-hop-limit 2"));
  EXPECT_EQ(server.requests().size(), 1U) << "no answer is no reason to ask without a token";
}

CO_TEST(InstanceRole, NoServiceAndNoRoleAreNoCredentials) {
  CredentialBench nobody(co_await boost::asio::this_coro::executor);
  {
    FaultServer gone;
    point_at(nobody, gone.endpoint());
  }
  const auto no_service = co_await nobody.ask();
  EXPECT_EQ(no_service.id(), "no AWS credentials found");
  EXPECT_THAT(no_service.said, HasSubstr("there is no instance metadata service at http://127."));

  FaultServer server;
  server.when("token", is_put).always().reply(200, "token", "text/plain");
  server.when("roles", is_get).always().reply(404, "<html>not found</html>");
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint());
  const auto no_role = co_await bench.ask();
  EXPECT_EQ(no_role.id(), "no AWS credentials found");
}

CO_TEST(InstanceRole, IsNotAskedWhenItIsTurnedOff) {
  FaultServer server;
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint());
  bench.home.set("AWS_EC2_METADATA_DISABLED", "TRUE");
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "no AWS credentials found");
  EXPECT_TRUE(server.requests().empty());
}

CO_TEST(InstanceRole, BadAnswersAreErrorsThatDoNotShowThem) {
  struct Case {
    const char* body;
    const char* message;
  };
  const Case cases[] = {
      {"<html>SECRET</html>", "the answer is not an object of JSON"},
      {R"({"AccessKeyId": "ID", "SecretAccessKey": "SECR)", "the answer is not an object of JSON"},
      {R"({"AccessKeyId": "ID", "SecretAccessKey": "SECRET", "Token": "SECRET"})",
       "the answer has no Expiration"},
      {R"({"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume it\nmore"})",
       "\"backup-role\": AssumeRoleUnauthorizedAccess: EC2 cannot assume it"},
  };
  for (const auto& [body, message] : cases) {
    FaultServer server;
    server.when("token", is_put).always().reply(200, "token", "text/plain");
    serve_role(server, body);
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    point_at(bench, server.endpoint());
    const auto answer = co_await bench.ask();
    EXPECT_EQ(answer.id(), "the instance role: " + std::string(message));
    EXPECT_THAT(answer.said, Not(HasSubstr("SECR")));
  }
}

CO_TEST(InstanceRole, APortalThatAnswersEverythingIsNoService) {
  FaultServer server;
  server.on_any().always().html_page(200);
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server.endpoint());
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "the instance role: what answers at " + server.endpoint() +
                             " is no instance metadata service");
}

/// The source behind a door by which nothing leaves.
struct Scripted {
  explicit Scripted(VirtualTime& time_) : time(time_) {}

  /// One answer of the service: token, role, document.
  void answer(std::string_view expiration) {
    if (!std::exchange(has_token, true)) {
      http.answer(200, "token");
    }
    http.answer(200, "role");
    http.answer(200,
                R"({"AccessKeyId": "ID", "SecretAccessKey": "S", "Token": "T", "Expiration": ")" +
                    std::string(expiration) + R"("})");
  }

  VirtualTime& time;
  test::ScriptedHttp http;
  SeededRandom random{1};
  bool has_token = false;
  std::unique_ptr<CredentialSource> source =
      instance_role(MetadataSettings(), {http, time, random, {}});
};

VIRTUAL_TEST(InstanceRole, WhatHasExpiredIsGivenOnWhileTheServiceFails) {
  Scripted scripted(time);
  scripted.answer("2026-01-01T06:00:00Z");
  const auto first = co_await scripted.source->load();
  CO_ASSERT_TRUE(first && *first);

  scripted.http.fail(ErrorKind::transient);
  co_await time.sleep(std::chrono::hours(5));
  const auto still_valid = co_await scripted.source->load();
  CO_ASSERT_TRUE(!still_valid);
  EXPECT_EQ(still_valid.error().message,
            "the instance role: there is no instance metadata service at http://169.254.169.254");

  scripted.http.fail(ErrorKind::unknown_fate);
  co_await time.sleep(std::chrono::hours(2));
  const auto extended = co_await scripted.source->load();
  CO_ASSERT_TRUE(extended && *extended);
  EXPECT_EQ((*extended)->access_key_id, "ID");
  const Duration longer = *(*extended)->expires - time.wall();
  EXPECT_GE(longer, std::chrono::minutes(17));
  EXPECT_LE(longer, std::chrono::minutes(25));
}

VIRTUAL_TEST(InstanceRole, WhatTheServiceGivesExpiredIsUsedForAWhile) {
  Scripted scripted(time);
  scripted.answer("2025-12-31T23:59:00Z");
  const auto found = co_await scripted.source->load();
  CO_ASSERT_TRUE(found && *found);
  EXPECT_GT(*(*found)->expires, time.wall() + std::chrono::minutes(16));
}

VIRTUAL_TEST(InstanceRole, GoesPastProxies) {
  Scripted scripted(time);
  scripted.answer("2026-01-01T06:00:00Z");
  (void)co_await scripted.source->load();
  CO_ASSERT_TRUE(scripted.http.requests.size() == 3);
  for (const auto& request : scripted.http.requests) {
    EXPECT_TRUE(request.direct);
    EXPECT_EQ(request.total_timeout, Seconds(1));
  }
}

}  // namespace
}  // namespace pitstop
