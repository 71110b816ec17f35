// What each fault looks like on the wire, seen by a client that knows nothing but bytes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/clock.hpp"
#include "support/exchange.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string call(std::string_view action, std::string_view more_headers = "") {
  const auto body = fmt::format("Action={}&Version=2016-11-15", action);
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: x\r\n{}Content-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: {}\r\n\r\n{}",
      more_headers, body.size(), body);
}

class Client {
 public:
  explicit Client(const FaultServer& server) : socket_(Socket::connect(server.port())) {
    socket_.set_limit(Seconds(30));
  }

  void send(std::string_view bytes) { socket_.write(bytes); }

  std::string some() {
    std::array<char, 65536> part;
    const auto got = socket_.read(part);
    return {part.data(), got};
  }

  std::string until(std::string_view end) {
    std::string all;
    while (!all.ends_with(end)) {
      const auto part = some();
      if (part.empty()) {
        return all + "<closed>";
      }
      all += part;
    }
    return all;
  }

  std::string until_closed() { return until("no server ever sends this"); }

 private:
  Socket socket_;
};

std::string all_that_comes_of(const FaultServer& server, std::string_view request) {
  Client client(server);
  client.send(request);
  return client.until_closed();
}

TEST(FaultServer, AnswersByItsRules) {
  FaultServer server;
  server.on("StopInstances").always().reply(200, "<ok/>");
  Client client(server);

  client.send(call("StopInstances"));

  EXPECT_EQ(client.until("<ok/>"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml;charset=UTF-8\r\n"
            "Content-Length: 5\r\n\r\n<ok/>");
  EXPECT_THAT(server.unused_faults(), IsEmpty());
}

TEST(FaultServer, KeepsAConnectionUntilTheClientHasHadEnough) {
  FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  Client client(server);

  client.send(call("A") + call("B"));
  EXPECT_THAT(client.until("<ok/>"), StartsWith("HTTP/1.1 200"));
  client.send(call("C", "Connection: close\r\n"));
  EXPECT_THAT(client.until_closed(), EndsWith("<ok/><closed>"));

  EXPECT_THAT(server.actions(), ElementsAre("A", "B", "C"));
  EXPECT_EQ(server.connections(), 1);
}

TEST(FaultServer, KnowsNothingWithoutRulesAndUpstream) {
  const FaultServer server;
  EXPECT_THAT(all_that_comes_of(server, call("A", "Connection: close\r\n")),
              StartsWith("HTTP/1.1 404 Not Found\r\n"));
}

TEST(FaultServer, RepliesWithErrorsAsEc2Does) {
  FaultServer server;
  server.on("A").nth(1).reply_error(503, "RequestLimitExceeded", "Slow down.");

  const auto reply = all_that_comes_of(server, call("A", "Connection: close\r\n"));

  EXPECT_THAT(reply, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(reply, HasSubstr("<Response><Errors><Error><Code>RequestLimitExceeded</Code>"
                               "<Message>Slow down.</Message></Error></Errors><RequestID>"));
}

TEST(FaultServer, RepliesWithHtmlAndBrokenXml) {
  FaultServer server;
  server.on("A").always().html_page(500);
  server.on("B").always().broken_xml();

  EXPECT_THAT(all_that_comes_of(server, call("A", "Connection: close\r\n")),
              HasSubstr("text/html; charset=utf-8\r\n"));
  EXPECT_THAT(all_that_comes_of(server, call("B", "Connection: close\r\n")),
              EndsWith("<item><broken></item><closed>"));
}

TEST(FaultServer, RepliesWithMegabytes) {
  FaultServer server;
  server.on_any().always().megabytes(5);

  EXPECT_THAT(all_that_comes_of(server, call("A", "Connection: close\r\n")).size(),
              testing::Gt(std::size_t{5} << 20));
}

TEST(FaultServer, CutsTheBody) {
  FaultServer server;
  server.on("A").always().reply(200, "0123456789");
  server.on("A").always().cut_body(4);

  const auto reply = all_that_comes_of(server, call("A"));

  EXPECT_THAT(reply, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(reply, EndsWith("\r\n\r\n0123<closed>"));
}

TEST(FaultServer, ClosesWithoutAnAnswer) {
  FaultServer server;
  server.on("A").always().close_unanswered();
  EXPECT_EQ(all_that_comes_of(server, call("A")), "<closed>");
}

TEST(FaultServer, ResetsTheConnection) {
  FaultServer server;
  server.on("A").always().reset_unanswered();
  EXPECT_THROW(all_that_comes_of(server, call("A")), ConnectionLost);
}

TEST(FaultServer, LosesTheReplyOnlyAfterTheEffect) {
  FaultServer upstream;
  upstream.on("CreateSnapshots").always().reply(200, "<made/>");
  FaultServer server({.upstream = upstream.endpoint()});
  server.on("CreateSnapshots").nth(1).lose_reply_after_effect();

  EXPECT_EQ(all_that_comes_of(server, call("CreateSnapshots")), "<closed>");

  EXPECT_EQ(upstream.count("CreateSnapshots"), 1U);
  EXPECT_THAT(all_that_comes_of(server, call("CreateSnapshots", "Connection: close\r\n")),
              EndsWith("<made/><closed>"));
}

TEST(FaultServer, ClosesAKeptConnectionAfterTheReply) {
  FaultServer server;
  server.on("A").always().reply(200, "<ok/>");
  server.on("A").always().close_after_reply();

  const auto reply = all_that_comes_of(server, call("A"));

  EXPECT_THAT(reply, EndsWith("<ok/><closed>"));
  EXPECT_THAT(reply, Not(HasSubstr("Connection:")));
}

TEST(FaultServer, HangsUntilItIsDestroyed) {
  auto server = std::make_unique<FaultServer>();
  server->on("A").always().hang();
  Client client(*server);

  client.send(call("A"));
  ASSERT_TRUE(server->await_calls("A", 1));
  const Instant before = SystemClock().now();
  server.reset();

  EXPECT_EQ(client.until_closed(), "<closed>");
  EXPECT_LT(SystemClock().now() - before, Seconds(10));
}

TEST(FaultServer, DelaysAndThenGoesOn) {
  FaultServer server;
  server.on("A").nth(1).delay(Milliseconds(60));
  server.on("A").always().reply(200, "<ok/>");
  const Instant before = SystemClock().now();

  EXPECT_THAT(all_that_comes_of(server, call("A", "Connection: close\r\n")),
              EndsWith("<ok/><closed>"));

  EXPECT_GE(SystemClock().now() - before, Milliseconds(60));
}

TEST(FaultServer, DripsSlowly) {
  FaultServer server;
  server.on("A").always().reply(200, "<ok/>");
  server.on("A").always().drip(20, Milliseconds(10));
  const Instant before = SystemClock().now();

  const auto reply = all_that_comes_of(server, call("A", "Connection: close\r\n"));

  EXPECT_THAT(reply, EndsWith("\r\n\r\n<ok/><closed>"));
  EXPECT_GE(SystemClock().now() - before, Milliseconds(10) * (reply.size() / 20 - 1));
}

TEST(FaultServer, LeavesOutTheReasonPhrase) {
  FaultServer server;
  server.on("A").nth(1).no_reason_phrase();
  server.on("A").nth(2).no_space_after_status();
  server.on("A").always().reply(200, "<ok/>");
  Client client(server);

  client.send(call("A"));
  EXPECT_THAT(client.until("<ok/>"), StartsWith("HTTP/1.1 200 \r\nContent-Type"));
  client.send(call("A"));
  EXPECT_THAT(client.until("<ok/>"), StartsWith("HTTP/1.1 200\r\nContent-Type"));
}

TEST(FaultServer, SpeaksGarbage) {
  FaultServer server;
  server.on("A").always().garbage("\x01\x02");
  EXPECT_EQ(all_that_comes_of(server, call("A")), "\x01\x02<closed>");
}

TEST(FaultServer, ForwardsAndRewrites) {
  FaultServer upstream;
  upstream.on("A").first(2).reply(200, "<progress>100%</progress>");
  upstream.on("A").nth(3).reply(500, "<progress>100%</progress>");
  FaultServer server({.upstream = upstream.endpoint()});
  server.on("A").nth(1).rewrite([](std::string) { return "<progress>0%</progress>"; });
  server.on("A").nth(3).rewrite([](std::string) { return "no errors are rewritten"; });
  Client client(server);

  client.send(call("A", "X-Probe: 1\r\n"));
  EXPECT_THAT(client.until("</progress>"), EndsWith("<progress>0%</progress>"));
  client.send(call("A"));
  EXPECT_THAT(client.until("</progress>"), EndsWith("<progress>100%</progress>"));
  client.send(call("A"));
  EXPECT_THAT(client.until("</progress>"), StartsWith("HTTP/1.1 500"));

  EXPECT_EQ(upstream.requests().at(0).header("x-probe"), "1");
  EXPECT_EQ(upstream.requests().at(0).header("host"), "x");
  EXPECT_EQ(upstream.requests().at(0).parameter("Version"), "2016-11-15");
  EXPECT_EQ(upstream.connections(), 3);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_THAT(upstream.unused_faults(), IsEmpty());
}

TEST(FaultServer, SaysWhenItsUpstreamIsNotThere) {
  FaultServer server({.upstream = fmt::format("http://127.0.0.1:{}", free_port())});
  EXPECT_THAT(all_that_comes_of(server, call("A", "Connection: close\r\n")),
              StartsWith("HTTP/1.1 502 Bad Gateway\r\n"));
}

TEST(FaultServer, IsAProxyToo) {
  FaultServer target;
  target.on_any().always().reply(200, "<ok/>");
  FaultServer proxy;
  proxy.when("GET", [](const RecordedRequest& request) { return request.method == "GET"; })
      .nth(2)
      .reply_error(503, "Unavailable");
  const auto request = fmt::format(
      "GET {}/path?Action=A&x=%41+b HTTP/1.1\r\nHost: x\r\n"
      "Proxy-Connection: close\r\nConnection: close\r\n\r\n",
      target.endpoint());

  EXPECT_THAT(all_that_comes_of(proxy, request), EndsWith("<ok/><closed>"));
  EXPECT_THAT(all_that_comes_of(proxy, request), StartsWith("HTTP/1.1 503"));

  EXPECT_TRUE(proxy.requests().at(0).proxied);
  const auto arrived = target.requests().at(0);
  EXPECT_FALSE(arrived.proxied);
  EXPECT_EQ(arrived.target, "/path?Action=A&x=%41+b");
  EXPECT_EQ(arrived.parameter("x"), "A b");
  EXPECT_EQ(arrived.header("proxy-connection"), "");
}

TEST(FaultServer, NeverLeavesTheMachine) {
  FaultServer proxy;
  EXPECT_THAT(all_that_comes_of(proxy,
                                "GET http://ec2.us-east-1.amazonaws.com/ HTTP/1.1\r\nHost: x\r\n"
                                "Connection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 502"));
}

}  // namespace
}  // namespace pitstop::test
