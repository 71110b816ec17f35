// What a request looks like when it arrives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client.hpp"
#include "support/fault_server.hpp"

namespace pitstop::test {
namespace {

using testing::IsEmpty;

class CurlRequest : public testing::Test {
 protected:
  CurlRequest() { server_.on_any().always().reply(200, "<ok/>"); }

  RecordedRequest arrived(HttpRequest request) {
    request.url = server_.endpoint() + request.url;
    EXPECT_EQ(described(client_.send(std::move(request))), "200 <ok/>");
    return server_.requests().back();
  }

  FaultServer server_;
  Client client_{{.user_agent = "pitstop/1.2"}};
};

HttpRequest plain(std::string method, std::string body = "") {
  HttpRequest request;
  request.method = std::move(method);
  request.url = "/schedules/x?a=1";
  request.body = std::move(body);
  return request;
}

TEST_F(CurlRequest, KeepsItsMethodAndBody) {
  for (const auto* method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
    for (const auto* body : {"", "{\"some\": \"content\"}"}) {
      const auto request = arrived(plain(method, body));
      EXPECT_EQ(request.method, method);
      EXPECT_EQ(request.target, "/schedules/x?a=1");
      EXPECT_EQ(request.body, body);
      EXPECT_EQ(request.header("Transfer-Encoding"), "");
    }
  }
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(CurlRequest, SaysSoWhenThereIsNoContent) {
  EXPECT_EQ(arrived(plain("POST")).header("Content-Length"), "0");
  EXPECT_EQ(arrived(plain("PUT")).header("Content-Length"), "0");
  EXPECT_EQ(arrived(plain("GET")).header("Content-Length"), "");
  EXPECT_EQ(arrived(plain("DELETE")).header("Content-Length"), "");
}

TEST_F(CurlRequest, KeepsEveryByteOfItsBody) {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) {
    all_bytes += static_cast<char>(i);
  }
  EXPECT_EQ(arrived(plain("POST", all_bytes)).body, all_bytes);
  EXPECT_EQ(arrived(plain("PUT", std::string(3, '\0'))).body, std::string(3, '\0'));
}

// Beyond a megabyte curl asks the server first ("Expect: 100-continue") and waits for a second.
TEST_F(CurlRequest, MayBeLarge) {
  const std::string body(std::size_t{3} << 20, 'x');
  EXPECT_EQ(arrived(plain("POST", body)).body, body);
}

TEST_F(CurlRequest, KeepsItsHeaders) {
  auto request = plain("POST", "{}");
  request.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", "AmazonSSM.SendCommand"},
                     {"X-Colon", "a: b; c"}};
  const auto seen = arrived(request);
  EXPECT_EQ(seen.header("content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(seen.action(), "AmazonSSM.SendCommand");
  EXPECT_EQ(seen.header("X-Colon"), "a: b; c");
  EXPECT_EQ(seen.header("User-Agent"), "pitstop/1.2");
  EXPECT_EQ(seen.header("Host"), "127.0.0.1:" + std::to_string(server_.port()));
  EXPECT_EQ(seen.header("Accept-Encoding"), "");
  EXPECT_EQ(seen.header("Authorization"), "");
}

TEST_F(CurlRequest, IsNotSentToWhereARedirectPoints) {
  FaultServer elsewhere;
  FaultServer redirecting;
  redirecting.on_any().always().answer([&elsewhere](const RecordedRequest&) {
    return HttpResponse{307, {{"Location", elsewhere.endpoint() + "/"}}, "go there"};
  });
  const auto outcome = client_.send(post(redirecting.endpoint()));
  EXPECT_EQ(described(outcome), "307 go there");
  EXPECT_EQ(outcome->header("location"), elsewhere.endpoint() + "/");
  EXPECT_THAT(elsewhere.requests(), IsEmpty());
}

}  // namespace
}  // namespace pitstop::test
