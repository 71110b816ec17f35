// Many requests at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "client.hpp"
#include "support/fault_server.hpp"

namespace pitstop::test {
namespace {

std::vector<HttpRequest> numbered(const FaultServer& server, int count) {
  std::vector<HttpRequest> requests;
  for (int i = 0; i < count; ++i) {
    requests.push_back(post(server.endpoint(), "Action=" + std::to_string(i)));
  }
  return requests;
}

void answer_with_own_number(FaultServer& server) {
  server.on_any().always().answer(
      [](const RecordedRequest& request) { return xml_reply(200, request.action()); });
}

TEST(CurlQueue, IsServedInOrder) {
  FaultServer server;
  answer_with_own_number(server);
  Client client({.most_at_once = 1});
  const auto outcomes = client.send_all(numbered(server, 40));
  const auto actions = server.actions();
  ASSERT_EQ(actions.size(), 40U);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(actions.at(i), std::to_string(i));
    EXPECT_EQ(described(outcomes.at(i)), "200 " + std::to_string(i));
  }
}

TEST(CurlQueue, KeepsToItsLimit) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  FaultServer server;
  server.on_any().always().answer([&](const RecordedRequest&) {
    const int together = ++now;
    for (int seen = most; seen < together && !most.compare_exchange_weak(seen, together);) {
    }
    std::this_thread::sleep_for(Milliseconds(10));
    --now;
    return xml_reply(200, "<ok/>");
  });
  Client client({.most_at_once = 3});
  client.send_all(numbered(server, 30));
  EXPECT_EQ(server.requests().size(), 30U);
  EXPECT_GT(most, 1);
  EXPECT_LE(most, 3);
  EXPECT_LE(server.connections(), 3);
}

TEST(CurlQueue, GoesOnAfterFailures) {
  FaultServer server;
  server.on_any().first(10).reset_unanswered();
  answer_with_own_number(server);
  Client client({.most_at_once = 2});
  auto requests = numbered(server, 30);
  for (auto& request : requests) {
    request.at_most_once = true;
  }
  const auto outcomes = client.send_all(requests);
  EXPECT_EQ(std::ranges::count(outcomes, ErrorKind::unknown_fate, kind_of), 10);
  EXPECT_EQ(std::ranges::count_if(outcomes, [](const auto& one) { return one.has_value(); }), 20);
  EXPECT_EQ(server.requests().size(), 30U);
}

TEST(CurlQueue, GivesEveryOneOfManyItsOwnAnswer) {
  FaultServer server;
  answer_with_own_number(server);
  Client client;
  const auto outcomes = client.send_all(numbered(server, 500));
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(described(outcomes.at(i)), "200 " + std::to_string(i));
  }
  EXPECT_LE(server.connections(), 32);
}

// A socket's number is taken again as soon as it is closed, which is where event loops go wrong.
TEST(CurlQueue, SurvivesThatConnectionsComeAndGo) {
  FaultServer server;
  server.on_any().first(200).close_after_reply();
  answer_with_own_number(server);
  Client client({.most_at_once = 8});
  auto requests = numbered(server, 300);
  for (std::size_t i = 0; i < requests.size(); i += 3) {
    requests[i].at_most_once = true;
  }
  const auto outcomes = client.send_all(requests);
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(described(outcomes.at(i)), "200 " + std::to_string(i));
  }
}

}  // namespace
}  // namespace pitstop::test
