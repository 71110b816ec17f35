// Which calls a rule is about, whether it was used up, and what is kept of the calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/clock.hpp"
#include "support/exchange.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::Pair;

HttpRequest request_for(const FaultServer& server, const std::string& body) {
  HttpRequest request;
  request.url = server.endpoint() + "/";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = body;
  return request;
}

int status_of(const FaultServer& server, const std::string& action) {
  return send_on_loopback(request_for(server, "Action=" + action)).status;
}

TEST(FaultScript, CountsTheCallsOfEachRule) {
  FaultServer server;
  server.on("A").nth(2).reply(402, "");
  server.on("A").first(3).reply(403, "");
  server.on_any().nth(6).reply(406, "");
  server.on("A").always().reply(200, "");

  EXPECT_EQ(status_of(server, "A"), 403);
  EXPECT_EQ(status_of(server, "A"), 402);
  EXPECT_EQ(status_of(server, "B"), 404);
  EXPECT_EQ(status_of(server, "A"), 403);
  EXPECT_EQ(status_of(server, "A"), 200);
  EXPECT_EQ(status_of(server, "A"), 406);
}

TEST(FaultScript, CountsFromWhenTheRuleWasMade) {
  FaultServer server;
  EXPECT_EQ(status_of(server, "A"), 404);
  server.on("A").nth(1).reply(200, "");
  EXPECT_EQ(status_of(server, "A"), 200);
}

TEST(FaultScript, TellsWhatWasNotUsedUp) {
  FaultServer server;
  server.on("A").nth(1).reply(200, "");
  server.on("A").first(3).delay(Milliseconds(1));
  server.on("B").always().hang();
  server.on("A").nth(1).html_page();

  status_of(server, "A");

  EXPECT_THAT(server.unused_faults(),
              ElementsAre("A, first 3 calls: delay of 0.0s (happened 1 of 3 times, 1 calls seen)",
                          "B, always: hang (happened 0 of 1 times, 0 calls seen)",
                          "A, call 1: reply 500 (happened 0 of 1 times, 1 calls seen)"));
}

TEST(FaultScript, AsksTheTestForAnAnswer) {
  FaultServer server;
  server.on("A").always().answer([](const RecordedRequest& request) {
    return request.parameter("Id") == "1" ? ec2_error_reply(400, "Bad") : xml_reply(200, "<ok/>");
  });

  EXPECT_EQ(send_on_loopback(request_for(server, "Action=A&Id=1")).status, 400);
  EXPECT_EQ(send_on_loopback(request_for(server, "Action=A&Id=2")).body, "<ok/>");
}

TEST(FaultScript, SurvivesAnAnswerThatThrows) {
  FaultServer server;
  server.on("A").always().answer(
      [](const RecordedRequest&) -> HttpResponse { throw std::runtime_error("oh"); });

  const auto reply = send_on_loopback(request_for(server, "Action=A"));

  EXPECT_EQ(reply.status, 502);
  EXPECT_EQ(reply.body, "oh");
}

TEST(RecordedRequest, HoldsAllThatCame) {
  FaultServer server;
  send_on_loopback(request_for(
      server, "Action=CreateTags&Tag.1.Key=a%20b%3D&Tag.1.Value=%c3%bc+&Flag&Bad=%zz%4"));
  HttpRequest json = request_for(server, R"({"a":1})");
  json.method = "PUT";
  json.url += "schedules/x?group=default";
  json.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                  {"X-Amz-Target", "AmazonSSM.SendCommand"}};
  send_on_loopback(json);

  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].action(), "CreateTags");
  EXPECT_THAT(requests[0].parameters,
              ElementsAre(Pair("Action", "CreateTags"), Pair("Bad", "%zz%4"), Pair("Flag", ""),
                          Pair("Tag.1.Key", "a b="), Pair("Tag.1.Value", "\xc3\xbc ")));
  EXPECT_EQ(requests[0].connection, 1);
  EXPECT_EQ(requests[1].method, "PUT");
  EXPECT_EQ(requests[1].target, "/schedules/x?group=default");
  EXPECT_EQ(requests[1].action(), "AmazonSSM.SendCommand");
  EXPECT_EQ(requests[1].body, R"({"a":1})");
  EXPECT_EQ(requests[1].connection, 2);
  EXPECT_LT(requests[0].arrived, requests[1].arrived);
}

TEST(FaultServer, TakesManyClientsAtATime) {
  FaultServer server;
  server.on("A").always().reply(200, "<ok/>");
  constexpr int clients = 8;
  constexpr int calls = 20;
  {
    std::vector<std::jthread> threads;
    for (int client = 0; client < clients; ++client) {
      threads.emplace_back([&server] {
        for (int made = 0; made < calls; ++made) {
          EXPECT_EQ(status_of(server, "A"), 200);
        }
      });
    }
    EXPECT_TRUE(server.await_calls("A", clients * calls));
  }
  EXPECT_EQ(server.count("A"), std::size_t{clients * calls});
  EXPECT_EQ(server.connections(), clients * calls);
  EXPECT_FALSE(server.await_calls("B", 1, Milliseconds(1)));
}

TEST(FaultServer, EndsPromptlyWithClientsThatDoNothing) {
  auto server = std::make_unique<FaultServer>();
  const Socket idle = Socket::connect(server->port());
  Socket half = Socket::connect(server->port());
  half.write("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12");
  const Instant before = SystemClock().now();

  server.reset();

  EXPECT_LT(SystemClock().now() - before, Seconds(10));
}

}  // namespace
}  // namespace pitstop::test
