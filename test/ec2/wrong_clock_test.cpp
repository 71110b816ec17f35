// The whole way to EC2 with a clock that is wrong, over a real network: libcurl signs, and the
// simulated EC2 verifies signatures and their dates as AWS does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "aws/dated_http.hpp"
#include "ec2/query_caller.hpp"
#include "http/curl_http.hpp"
#include "sim/front/front.hpp"
#include "support/closed_doors.hpp"
#include "support/coroutine.hpp"
#include "support/fault_server.hpp"

namespace pitstop::ec2 {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// The machine's clock, set wrongly.
class WrongClock final : public Clock {
 public:
  Instant now() const override { return right_.now(); }
  WallTime wall() const override { return right_.wall() + ahead; }
  Task<void> sleep_until(Instant when) override { return right_.sleep_until(when); }

  Milliseconds ahead = Milliseconds(0);

 private:
  SystemClock right_;
};

HttpResponse answer_of(sim::Front& front, const test::RecordedRequest& request) {
  HttpRequest received;
  received.method = request.method;
  received.url = request.target;
  received.headers = request.headers;
  received.body = request.body;
  return front.answer(received).response.value_or(
      HttpResponse{.status = 500, .headers = {}, .body = {}});
}

Identity user_of_ec2sim() {
  const Environment environment({{"AWS_CONFIG_FILE", "/dev/null"},
                                 {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                                 {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                 {"AWS_SECRET_ACCESS_KEY", "made-up"}});
  return *Identity::load({.region = "us-east-1", .profile = {}, .endpoint_url = {}}, environment,
                         test::closed_doors());
}

CO_TEST(WrongClock, IsNoticedAndRightedOverTheNetwork) {
  SystemClock real;
  sim::Front front(real, real, sim::Scenario(), sim::AccessKey{"AKIDEXAMPLE", Secret("made-up")});
  test::FaultServer server;
  server.on_any().always().answer(
      [&front](const test::RecordedRequest& request) { return answer_of(front, request); });

  WrongClock host;
  CurlSettings settings;
  settings.clock = &host;
  const Executor executor = co_await boost::asio::this_coro::executor;
  auto network = std::make_shared<CurlHttp>(executor, std::move(settings));
  auto time = std::make_shared<AwsTime>(host);
  DatedHttp http(std::move(network), time);
  auto identity = user_of_ec2sim();
  QueryCaller caller(http, identity, server.endpoint(), Seconds(30));
  std::size_t expected = 0;
  for (const auto wrong : {minutes(12), minutes(0), minutes(hours(-30)), minutes(hours(9000))}) {
    host.ahead = wrong;
    Call call{.action = "DescribeInstances"};
    call.parameters.add("MaxResults", 5);
    const auto reply = co_await caller.call(std::move(call));
    EXPECT_TRUE(reply) << wrong << ": " << reply.error().message;
    // Who has heard AWS once knows at once that the clock has stepped.
    expected += expected == 0 ? 2 : 1;
    EXPECT_EQ(server.requests().size(), expected) << wrong;
  }
}

CO_TEST(WrongClock, IsNamedWhereTheRightTimeDoesNotHelp) {
  SystemClock real;
  sim::Front front(real, real, sim::Scenario(), sim::AccessKey{"AKIDEXAMPLE", Secret("another")});
  test::FaultServer server;
  server.on_any().always().answer(
      [&front](const test::RecordedRequest& request) { return answer_of(front, request); });
  WrongClock host;
  host.ahead = minutes(12);
  CurlSettings settings;
  settings.clock = &host;
  const Executor executor = co_await boost::asio::this_coro::executor;
  auto network = std::make_shared<CurlHttp>(executor, std::move(settings));
  auto time = std::make_shared<AwsTime>(host);
  DatedHttp http(std::move(network), time);
  auto identity = user_of_ec2sim();
  QueryCaller caller(http, identity, server.endpoint(), Seconds(30));
  Call call{.action = "DescribeInstances"};
  const auto reply = co_await caller.call(std::move(call));
  CO_ASSERT_TRUE(!reply);
  EXPECT_EQ(reply.error().code, "SignatureDoesNotMatch");
  EXPECT_THAT(reply.error().hint, testing::StartsWith("this host's clock is 1"));
  EXPECT_THAT(reply.error().hint, testing::HasSubstr("ahead of AWS's: set it right"));
}

}  // namespace
}  // namespace pitstop::ec2
