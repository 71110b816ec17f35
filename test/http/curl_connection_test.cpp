// Which connections requests go by, and how often they arrive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "client.hpp"
#include "support/exchange.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {
namespace {

using testing::IsEmpty;

HttpRequest once(HttpRequest request) {
  request.at_most_once = true;
  return request;
}

TEST(CurlConnections, AreKept) {
  FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  Client client;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlConnections, AreKeptAfterErrorsOfTheServerToo) {
  FaultServer server;
  server.on_any().always().reply_error(503, "RequestLimitExceeded");
  Client client;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.send(post(server.endpoint()))->status, 503);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlConnections, AreFreshForWhatMayHappenOnlyOnce) {
  FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  Client client;
  EXPECT_TRUE(client.send(post(server.endpoint())).has_value());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(described(client.send(once(post(server.endpoint())))), "200 <ok/>");
  }
  EXPECT_EQ(server.connections(), 4);
}

TEST(CurlConnections, OfABurstServeTheNextBurst) {
  FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  Client client({.most_at_once = 16});
  for (int round = 0; round < 4; ++round) {
    const std::vector<HttpRequest> burst(16, post(server.endpoint()));
    for (const auto& outcome : client.send_all(burst)) {
      EXPECT_EQ(described(outcome), "200 <ok/>");
    }
  }
  EXPECT_LE(server.connections(), 16);
}

// What curl does by itself, and why `at_most_once` exists.
TEST(CurlConnections, ThatDieWhenKeptMakeCurlRepeatARequest) {
  FaultServer server;
  server.on_any().nth(2).close_unanswered();
  server.on_any().always().reply(200, "<ok/>");
  Client client;
  EXPECT_TRUE(client.send(post(server.endpoint())).has_value());

  EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");

  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_THAT(server.unused_faults(), IsEmpty());
}

TEST(CurlConnections, ThatDieDoNotRepeatWhatMayHappenOnlyOnce) {
  for (const bool reset : {false, true}) {
    FaultServer server;
    auto dying = server.on_any().nth(2);
    if (reset) {
      dying.reset_unanswered();
    } else {
      dying.close_unanswered();
    }
    server.on_any().always().reply(200, "<ok/>");
    Client client;
    EXPECT_TRUE(client.send(post(server.endpoint())).has_value());

    const auto outcome = client.send(once(post(server.endpoint())));

    EXPECT_EQ(kind_of(outcome), ErrorKind::unknown_fate) << described(outcome);
    EXPECT_EQ(server.requests().size(), 2U);
    EXPECT_THAT(server.unused_faults(), IsEmpty());
  }
}

TEST(CurlConnections, ThatCloseAfterTheReplyCostNothing) {
  FaultServer server;
  server.on_any().first(6).close_after_reply();
  server.on_any().always().reply(200, "<ok/>");
  Client client;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");
    EXPECT_EQ(described(client.send(once(post(server.endpoint())))), "200 <ok/>");
  }
  EXPECT_EQ(server.requests().size(), 6U);
  EXPECT_EQ(server.connections(), 6);
}

// curl sends again, is refused, and the first sending must not be forgotten.
TEST(CurlConnections, ThatDieWithTheServerLeaveAnUnknownFate) {
  auto listener = std::make_unique<Listener>();
  const auto url = "http://127.0.0.1:" + std::to_string(listener->port());
  std::jthread serving([&listener] {
    const Interrupt never;
    Socket socket(listener->accept(never));
    std::string pending;
    read_request(socket, pending);
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    read_request(socket, pending);
    listener.reset();
  });
  Client client;
  EXPECT_EQ(described(client.send(post(url))), "200 ok");

  const auto outcome = client.send(post(url));

  EXPECT_EQ(kind_of(outcome), ErrorKind::unknown_fate) << described(outcome);
}

TEST(CurlConnections, AreAnsweredOnceWithAChallengeToo) {
  for (const auto* scheme : {"Basic realm=x", "Digest realm=x, nonce=y", "Negotiate", "NTLM"}) {
    FaultServer server;
    server.on_any().always().answer([scheme](const RecordedRequest&) {
      return HttpResponse{401, {{"WWW-Authenticate", scheme}}, "who are you"};
    });
    Client client;
    auto request = once(post(server.endpoint()));
    request.signature = AwsSignature{"ec2", "us-east-1", "AKIDEXAMPLE", Secret("hush"), Secret()};

    EXPECT_EQ(described(client.send(request)), "401 who are you");
    EXPECT_EQ(server.requests().size(), 1U) << scheme;
  }
}

}  // namespace
}  // namespace pitstop::test
