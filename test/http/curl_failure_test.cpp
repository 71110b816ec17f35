// What goes wrong on the way, and what may then have happened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "client.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string on_port(int port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

TEST(CurlFailure, OfAConnectionMeansThatNothingHappened) {
  Client client;
  const auto outcome = client.send(post(on_port(free_port())));
  ASSERT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("http://127.0.0.1:"));
  EXPECT_THAT(outcome.error().message, HasSubstr("Failed to connect"));
  EXPECT_THAT(outcome.error().hint, HasSubstr("--endpoint-url"));
}

TEST(CurlFailure, OfANameMeansThatNothingHappened) {
  Client client;
  const auto outcome = client.send(post("http://no-such-host.invalid/"));
  ASSERT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("no-such-host.invalid"));
  EXPECT_THAT(outcome.error().hint, HasSubstr("resolve names"));
}

TEST(CurlFailure, OfAnAddressIsLasting) {
  Client client;
  for (const auto* url : {"http://", "http://127.0.0.1:99999/", "ftp://127.0.0.1/", "file:///etc",
                          "http://a b/", ""}) {
    const auto outcome = client.send(post(url));
    ASSERT_EQ(kind_of(outcome), ErrorKind::refused) << url << " " << described(outcome);
    EXPECT_THAT(outcome.error().hint, HasSubstr("--endpoint-url"));
  }
}

TEST(CurlFailure, AfterTheRequestLeftIsAnUnknownFate) {
  FaultServer server;
  server.on("Close").always().close_unanswered();
  server.on("Reset").always().reset_unanswered();
  server.on("Garbage").always().garbage();
  server.on("Lines").always().garbage("\r\n\r\n\r\n");
  server.on("Nul").always().garbage(std::string("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n", 26));
  server.on("OldForm").always().garbage("<html>what HTTP/0.9 looked like</html>");
  server.on("InterimOnly").always().garbage("HTTP/1.1 100 Continue\r\n\r\n");
  server.on("HalfHeaders").always().garbage("HTTP/1.1 200 OK\r\nContent-Type: te");
  server.on("NoBlankLine").always().garbage("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n");
  server.on("HalfStatusLine").always().garbage("HTTP/1.1 20");
  server.on("CutBody").always().garbage("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
  server.on("CutChunks")
      .always()
      .garbage("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n0");
  server.on("NoLastChunk")
      .always()
      .garbage("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n");
  server.on("BadChunks")
      .always()
      .garbage("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
  Client client;
  for (const auto* action :
       {"Close", "Reset", "Garbage", "Lines", "Nul", "OldForm", "InterimOnly", "HalfHeaders",
        "NoBlankLine", "HalfStatusLine", "CutBody", "CutChunks", "NoLastChunk", "BadChunks"}) {
    const auto outcome = client.send(post(server.endpoint(), std::string("Action=") + action));
    EXPECT_EQ(kind_of(outcome), ErrorKind::unknown_fate) << action << ": " << described(outcome);
    EXPECT_EQ(server.count(action), 1U);
  }
  EXPECT_THAT(server.unused_faults(), IsEmpty());
}

TEST(CurlFailure, ByTimeIsAnUnknownFate) {
  FaultServer server;
  server.on("Hang").always().hang();
  server.on("Late").always().delay(Seconds(60));
  server.on("Drip").always().drip(1, Seconds(1));
  server.on("Drip").always().reply(200, "<ok/>");
  Client client;
  for (const auto* action : {"Hang", "Late", "Drip"}) {
    auto request = post(server.endpoint(), std::string("Action=") + action);
    request.total_timeout = Milliseconds(400);
    const Instant before = SystemClock().now();

    const auto outcome = client.send(request);

    EXPECT_EQ(kind_of(outcome), ErrorKind::unknown_fate) << action << ": " << described(outcome);
    EXPECT_THAT(outcome.error().message, HasSubstr("timed out"));
    EXPECT_GE(SystemClock().now() - before, Milliseconds(400));
    EXPECT_LT(SystemClock().now() - before, Seconds(20));
  }
}

// The kernel takes the connection, and nobody shakes hands.
TEST(CurlFailure, ToConnectInTimeMeansThatNothingHappened) {
  const Listener nobody_accepts;
  Client client;
  auto request = post("https://127.0.0.1:" + std::to_string(nobody_accepts.port()));
  request.connect_timeout = Milliseconds(300);

  const auto outcome = client.send(request);

  ASSERT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
  EXPECT_THAT(outcome.error().hint, HasSubstr("network"));
}

TEST(CurlFailure, OfOneRequestLeavesTheOthersAlone) {
  FaultServer server;
  server.on("Hang").always().hang();
  server.on("Reset").always().reset_unanswered();
  server.on("Ok").always().reply(200, "<ok/>");
  Client client;
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 8; ++i) {
    for (const auto* action : {"Ok", "Hang", "Reset"}) {
      requests.push_back(post(server.endpoint(), std::string("Action=") + action));
      requests.back().total_timeout = action[0] == 'H' ? Milliseconds(500) : Seconds(30);
    }
  }
  const auto outcomes = client.send_all(requests);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(kind_of(outcomes[i]).has_value(), i % 3 != 0) << described(outcomes[i]);
  }
}

TEST(CurlFailure, NeverShowsASecret) {
  FaultServer server;
  server.on_any().always().reset_unanswered();
  Client client;
  for (const auto& url :
       {std::string("http://no-such-host.invalid/"), on_port(free_port()), server.endpoint(),
        std::string("http://a b/"), std::string("https://127.0.0.1:1/?x=y")}) {
    auto request = post(url);
    request.signature =
        AwsSignature{"ec2", "us-east-1", "AKIDEXAMPLE", Secret("hush-key"), Secret("hush-token")};
    EXPECT_THAT(described(client.send(request)), Not(HasSubstr("hush"))) << url;
  }
}

}  // namespace
}  // namespace pitstop::test
