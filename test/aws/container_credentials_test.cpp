#include "aws/container_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "aws/container_url.hpp"
#include "credential_bench.hpp"
#include "scripted_http.hpp"
#include "support/coroutine.hpp"
#include "support/fault_server.hpp"

namespace pitstop {
namespace {

using test::CredentialBench;
using test::FaultServer;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto answered_document =
    R"({"RoleArn": "arn", "AccessKeyId": "ID", "SecretAccessKey": "SECRETKEY",
        "Token": "SECRETTOKEN", "Expiration": "2099-01-01T00:00:00Z"})";

void point_at(CredentialBench& bench, const FaultServer& server) {
  bench.home.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.endpoint() + "/v1/credentials?id=1");
}

CO_TEST(ContainerCredentials, ComeFromTheServiceThatTheEnvironmentNames) {
  FaultServer server;
  server.on_any().always().reply(200, answered_document, "application/json");
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server);
  bench.home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "SECRETWORD");
  const auto answer = co_await bench.ask();
  answer.expect_whole("ID", "come from the container, until 2099");
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/v1/credentials?id=1");
  EXPECT_EQ(request.header("Authorization"), "SECRETWORD");
}

CO_TEST(ContainerCredentials, TheTokenFileIsReadEachTimeAndCountsMore) {
  FaultServer server;
  server.on_any().always().reply(200, answered_document, "application/json");
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server);
  bench.home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "other");
  const auto file = bench.home.directory().write("token", "first");
  bench.home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.string());
  (void)co_await bench.ask();
  bench.home.directory().write("token", "second");
  (void)co_await bench.ask();
  EXPECT_EQ(server.requests().at(0).header("Authorization"), "first");
  EXPECT_EQ(server.requests().at(1).header("Authorization"), "second");
}

CO_TEST(ContainerCredentials, ATokenWithALineBreakGoesNowhere) {
  FaultServer server;
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server);
  const auto file = bench.home.directory().write("token", "SECRET\r\nX-Header: y");
  bench.home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.string());
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(),
            "the token of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE has a line break in it");
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  bench.home.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nonexistent/token");
  const auto missing = co_await bench.ask();
  EXPECT_EQ(missing.id(),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: there is no file /nonexistent/token");
  EXPECT_THAT(server.requests(), IsEmpty());
}

CO_TEST(ContainerCredentials, BadAnswersAreErrorsThatDoNotShowThem) {
  struct Case {
    const char* body;
    const char* message;
  };
  const Case cases[] = {
      {"", "the answer is not an object of JSON"},
      {"<html>SECRET</html>", "the answer is not an object of JSON"},
      {R"({"AccessKeyId": "ID", "SecretAccessKey": "SECRET"})", "the answer has no Token"},
      {R"({"AccessKeyId": "ID", "SecretAccessKey": "SECRET", "Token": "SECRET"})",
       "the answer has no Expiration"},
  };
  for (const auto& [body, message] : cases) {
    FaultServer server;
    server.on_any().always().reply(200, body);
    CredentialBench bench(co_await boost::asio::this_coro::executor);
    point_at(bench, server);
    const auto answer = co_await bench.ask();
    EXPECT_EQ(answer.id(), "the container: " + std::string(message));
    EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
  }
}

CO_TEST(ContainerCredentials, ARefusalIsAnErrorAndNobodyElseIsAsked) {
  FaultServer server;
  server.on_any().always().reply(404, R"({"message": "no role"})");
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  point_at(bench, server);
  bench.home.set("AWS_EC2_METADATA_DISABLED", "false")
      .set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.endpoint());
  const auto answer = co_await bench.ask();
  EXPECT_EQ(answer.id(), "the container: HTTP 404 where its credentials should be");
  EXPECT_EQ(server.requests().size(), 1U);
}

CO_TEST(ContainerCredentials, TheUrlIsASecretToo) {
  CredentialBench bench(co_await boost::asio::this_coro::executor);
  {
    FaultServer gone;
    bench.home.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", gone.endpoint() + "/v2/SECRET-ID");
  }
  const auto answer = co_await bench.ask();
  EXPECT_THAT(answer.id(), HasSubstr("the container: ***: "));
  EXPECT_THAT(answer.said, Not(HasSubstr("SECRET")));
}

/// The same source with a door by which nothing leaves.
struct Scripted {
  explicit Scripted(VirtualTime& time_) : time(time_) {}

  Task<Result<std::optional<Credentials>>> load(Environment environment) {
    const CredentialDoors doors{http, time, random, {}};
    const auto source = container_credentials(environment, doors);
    co_return co_await source->load();
  }

  VirtualTime& time;
  test::ScriptedHttp http;
  SeededRandom random{1};
};

VIRTUAL_TEST(ContainerCredentials, AServiceThatIsNotReadyIsAskedThreeTimes) {
  Scripted scripted(time);
  scripted.http.answer(500, "").fail(ErrorKind::transient).answer(200, answered_document);
  const auto began = time.now();
  const auto answer =
      co_await scripted.load(Environment({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x"}}));
  CO_ASSERT_TRUE(answer);
  EXPECT_EQ(time.now() - began, Seconds(2));
  EXPECT_EQ(scripted.http.requests.at(0).url, "http://169.254.170.2/v2/x");
  EXPECT_EQ(scripted.http.requests.at(0).total_timeout, Seconds(2));
  EXPECT_TRUE(scripted.http.requests.at(0).direct) << "credentials pass no proxy";
}

VIRTUAL_TEST(ContainerCredentials, NoneIsNoError) {
  Scripted scripted(time);
  const auto answer = co_await scripted.load(Environment());
  CO_ASSERT_TRUE(answer);
  EXPECT_FALSE(*answer);
}

std::string url_of(std::string full) {
  const auto url = container_url(Environment({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", full}}));
  return url ? (*url)->value : url.error().message;
}

TEST(ContainerUrl, IsOneThatMayBeTrustedWithAToken) {
  for (const auto* good :
       {"http://169.254.170.2/x", "http://169.254.170.23/v1", "http://[fd00:ec2::23]:80/v1",
        "http://localhost:1234/", "http://127.0.0.1:1?a=b", "http://127.9.9.9", "http://[::1]/x",
        "https://keys.example.org/x", "HTTPS://10.0.0.1/x"}) {
    EXPECT_EQ(url_of(good), good);
  }
  for (const std::string host :
       {"10.0.0.1", "169.254.169.254", "keys.example.org", "localhost.example.org",
        "127.0.0.1.example.org", "[fd00:ec2::24]", "[::2]", "128.0.0.1"}) {
    EXPECT_THAT(url_of("http://" + host + ":80/x"), HasSubstr("do not go in the clear")) << host;
  }
  for (const auto* bad : {"127.0.0.1", "ftp://127.0.0.1/", "http://", "http:///x", "/x",
                          "http://127.0.0.1@example.org/", "http://127.0.0.1/a b",
                          "http://127.0.0.1\\@example.org/", "http://127.0.0.1/#"}) {
    EXPECT_EQ(url_of(bad), "AWS_CONTAINER_CREDENTIALS_FULL_URI is not an http or https URL") << bad;
  }
}

TEST(ContainerUrl, ARelativeOneIsAPathAndCountsMore) {
  const auto of = [](std::string relative) {
    const auto url =
        container_url(Environment({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", relative},
                                   {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/"}}));
    return url ? (*url)->value : url.error().message;
  };
  EXPECT_EQ(of("/v2/x?id=1"), "http://169.254.170.2/v2/x?id=1");
  for (const auto* bad : {"v2", "@example.org/", ":80/", "/a b", "/a\nb"}) {
    EXPECT_EQ(of(bad), "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not a path") << bad;
  }
}

}  // namespace
}  // namespace pitstop
