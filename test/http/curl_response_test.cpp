// Answers as servers write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client.hpp"
#include "support/fault_server.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// What comes of an answer that is sent as it stands, before the connection closes.
Result<HttpResponse> read(std::string bytes) {
  FaultServer server;
  server.on_any().always().garbage(std::move(bytes));
  Client client;
  return client.send(post(server.endpoint()));
}

TEST(CurlResponse, NeedsNoReasonPhrase) {
  FaultServer server;
  server.on("A").nth(1).no_reason_phrase();
  server.on("A").nth(2).no_space_after_status();
  server.on("A").always().reply(503, "<busy/>");
  Client client;
  EXPECT_EQ(described(client.send(post(server.endpoint()))), "503 <busy/>");
  EXPECT_EQ(described(client.send(post(server.endpoint()))), "503 <busy/>");
  EXPECT_THAT(server.unused_faults(), IsEmpty());
}

TEST(CurlResponse, OfAnyStatusIsAValue) {
  for (const int status : {200, 204, 301, 304, 400, 401, 403, 404, 407, 417, 429, 500, 503, 599}) {
    const bool has_body = status != 204 && status != 304;
    const auto outcome = read("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " +
                              (has_body ? "4\r\n\r\nbody" : "0\r\n\r\n"));
    EXPECT_EQ(described(outcome), std::to_string(status) + (has_body ? " body" : " "));
  }
}

TEST(CurlResponse, HasItsHeadersInAnyCase) {
  const auto outcome = read(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amzn-RequestId:abc-1\r\ndate:  some day \r\n"
      "X-Empty:\r\nX-Twice: first\r\nx-twice: second\r\n\r\nok");
  ASSERT_TRUE(outcome) << described(outcome);
  EXPECT_EQ(outcome->header("x-amzn-requestid"), "abc-1");
  EXPECT_EQ(outcome->header("Date"), "some day");
  EXPECT_EQ(outcome->header("X-EMPTY"), "");
  EXPECT_EQ(outcome->header("X-Twice"), "first");
  EXPECT_EQ(outcome->header("X-Amzn"), std::nullopt);
}

TEST(CurlResponse, MayFollowInterimOnes) {
  const auto outcome = read(
      "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-Early: 2\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(described(outcome), "200 ok");
  EXPECT_EQ(outcome->header("X-Early"), std::nullopt);
}

TEST(CurlResponse, MayComeInChunksOrUntilTheEnd) {
  EXPECT_EQ(described(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n")),
            "200 abcde");
  EXPECT_EQ(described(read("HTTP/1.1 200 OK\r\n\r\nall that comes")), "200 all that comes");
  EXPECT_EQ(described(read("HTTP/1.0 200 OK\r\n\r\nan old server")), "200 an old server");
  EXPECT_EQ(described(read("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")), "200 ok");
}

TEST(CurlResponse, KeepsEveryByteOfItsBody) {
  const std::string body("a\0b\r\n\xff\x80", 7);
  const auto outcome = read("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + body);
  ASSERT_TRUE(outcome) << described(outcome);
  EXPECT_EQ(outcome->body, body);
}

TEST(CurlResponse, MayDripIn) {
  FaultServer server;
  server.on("A").always().drip(1, Milliseconds(1));
  server.on("A").always().reply(200, "<ok/>");
  Client client;
  EXPECT_EQ(described(client.send(post(server.endpoint()))), "200 <ok/>");
}

TEST(CurlResponse, MayBeLarge) {
  FaultServer server;
  server.on("A").always().megabytes(20);
  Client client;
  const auto outcome = client.send(post(server.endpoint()));
  ASSERT_TRUE(outcome) << described(outcome);
  EXPECT_EQ(outcome->body.size(),
            (std::size_t{20} << 20) + std::string("<filler></filler>").size());
}

TEST(CurlResponse, BeyondTheLimitIsAnUnknownFate) {
  FaultServer server;
  server.on_any().always().reply(200, std::string(1001, 'x'));
  Client client;
  auto request = post(server.endpoint());
  request.max_response_bytes = 1000;

  const auto outcome = client.send(request);

  ASSERT_EQ(kind_of(outcome), ErrorKind::unknown_fate) << described(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("the answer is longer than 1000 bytes"));
  request.max_response_bytes = 1001;
  EXPECT_TRUE(client.send(request));
}

TEST(CurlResponse, WithoutEndStopsAtTheLimit) {
  FaultServer server;
  server.on_any().always().megabytes(200);
  Client client;
  auto request = post(server.endpoint());
  request.max_response_bytes = 1000;
  EXPECT_EQ(kind_of(client.send(request)), ErrorKind::unknown_fate);
}

}  // namespace
}  // namespace pitstop::test
