#include "aws/aws_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/dated_http.hpp"
#include "aws/keys.hpp"
#include "scripted_http.hpp"
#include "service_world.hpp"
#include "support/coroutine.hpp"
#include "support/simulated_world.hpp"

namespace pitstop {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::HostClock;
using testing::HasSubstr;

constexpr auto ec2_url = "https://ec2.eu-central-1.amazonaws.com/";

struct ClockBench {
  explicit ClockBench(VirtualTime& time_) : time(time_), host(time_) {}

  void tell(Duration error_of_host, const std::string& server = "ec2") {
    set(error_of_host);
    aws.learn(server, std::chrono::floor<Seconds>(time.wall()));
  }

  void set(Duration error_of_host) {
    const auto error = std::chrono::floor<Milliseconds>(error_of_host);
    host.ahead = [error] { return error; };
  }

  VirtualTime& time;
  HostClock host;
  AwsTime aws{host};
};

VIRTUAL_TEST(AwsTime, IsThatOfTheHostUntilAWSTellsAnother) {
  ClockBench bench(time);
  bench.set(minutes(12));
  EXPECT_EQ(bench.aws.wall(), time.wall() + minutes(12));
  EXPECT_EQ(bench.aws.correction("ec2"), Milliseconds(0));
  EXPECT_FALSE(bench.aws.difference());
  bench.tell(minutes(12));
  EXPECT_LE(std::chrono::abs(bench.aws.wall() - time.wall()), Seconds(1));
  EXPECT_LE(std::chrono::abs(bench.aws.correction("ec2") + minutes(12)), Seconds(1));
  EXPECT_EQ(as_difference(bench.aws.difference().value()), "12m 00s ahead of AWS's");
  bench.tell(-hours(3));
  EXPECT_EQ(as_difference(bench.aws.difference().value()), "3h 00m behind AWS's");
  co_return;
}

VIRTUAL_TEST(AwsTime, LeavesSmallDifferencesAlone) {
  ClockBench bench(time);
  for (const auto small : {Seconds(-58), Seconds(-1), Seconds(0), Seconds(30), Seconds(58)}) {
    bench.tell(small);
    EXPECT_EQ(bench.aws.wall(), bench.host.wall());
    EXPECT_EQ(bench.aws.correction("ec2"), Milliseconds(0));
    EXPECT_FALSE(bench.aws.difference());
  }
  co_return;
}

// Nobody need be asked before it is known that the clock has stepped: credentials that seem to have
// expired are not even shown to AWS.
VIRTUAL_TEST(AwsTime, GoesOnWhenTheClockOfTheHostSteps) {
  ClockBench bench(time);
  bench.tell(Duration::zero());
  for (const auto step : {hours(5), hours(-5), hours(24 * 400), hours(0)}) {
    bench.set(step);
    co_await time.sleep(minutes(10));
    EXPECT_LE(std::chrono::abs(bench.aws.wall() - time.wall()), Seconds(1));
    EXPECT_LE(std::chrono::abs(bench.aws.correction("ec2") + step), Seconds(1));
  }
}

VIRTUAL_TEST(AwsTime, IsThatOfEachServer) {
  ClockBench bench(time);
  bench.aws.learn("a", std::chrono::floor<Seconds>(time.wall()));
  bench.aws.learn("b", std::chrono::floor<Seconds>(time.wall() + hours(1)));
  EXPECT_EQ(bench.aws.correction("a"), Milliseconds(0));
  EXPECT_LE(std::chrono::abs(bench.aws.correction("b") - hours(1)), Seconds(1));
  EXPECT_EQ(bench.aws.correction("c"), bench.aws.correction("b")) << "it was heard last";
  co_return;
}

/// An AWS that takes what is dated right to five minutes, and refuses the rest with `code`.
class StrictAws final : public Http {
 public:
  StrictAws(HostClock& host, VirtualTime& time) : host_(host), time_(time) {}

  Task<Result<HttpResponse>> send(HttpRequest request) override {
    ++calls;
    const auto correction = request.signature ? request.signature->correction : Milliseconds(0);
    const auto error = host_.wall() + correction - time_.wall();
    const std::vector<HttpHeader> headers{{"date", http_date(time_.wall())}};
    if (std::chrono::abs(error) <= minutes(5)) {
      co_return HttpResponse{200, headers, "<ok/>"};
    }
    co_return HttpResponse{status, headers, "<Error><Code>" + code + "</Code></Error>"};
  }

  int calls = 0;
  int status = 403;
  std::string code = "RequestExpired";

 private:
  HostClock& host_;
  VirtualTime& time_;
};

struct DatedBench {
  explicit DatedBench(VirtualTime& time)
      : host(time),
        strict(std::make_shared<StrictAws>(host, time)),
        aws(std::make_shared<AwsTime>(host)),
        http(strict, aws) {}

  Task<Result<HttpResponse>> send() {
    HttpRequest request;
    request.url = ec2_url;
    request.signature = AwsSignature{};
    return http.send(std::move(request));
  }

  HostClock host;
  std::shared_ptr<StrictAws> strict;
  std::shared_ptr<AwsTime> aws;
  DatedHttp http;
};

VIRTUAL_TEST(DatedHttp, SendsAgainAtOnceWhatWasDatedWrongly) {
  for (const auto* code : {"RequestExpired", "RequestTimeTooSkewed", "AuthFailure",
                           "SignatureDoesNotMatch", "InvalidSignatureException"}) {
    DatedBench bench(time);
    bench.host.ahead = [] { return minutes(12); };
    bench.strict->code = code;
    auto response = co_await bench.send();
    CO_ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200) << code;
    EXPECT_EQ(bench.strict->calls, 2) << code;
    EXPECT_LE(std::chrono::abs(response->clock_is_ahead.value() - minutes(12)), Seconds(1));
    response = co_await bench.send();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(bench.strict->calls, 3) << "from now on it is dated right";
  }
}

VIRTUAL_TEST(DatedHttp, SendsNothingAgainThatWasRefusedForAnotherReason) {
  DatedBench bench(time);
  bench.strict->code = "UnauthorizedOperation";
  bench.host.ahead = [] { return minutes(12); };
  auto response = co_await bench.send();
  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(bench.strict->calls, 1);
  // Nor what AWS may have carried out.
  DatedBench broken(time);
  broken.strict->status = 500;
  broken.host.ahead = [] { return minutes(12); };
  response = co_await broken.send();
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(broken.strict->calls, 1);
}

VIRTUAL_TEST(DatedHttp, GivesUpWhereTheRightTimeDoesNotHelp) {
  DatedBench bench(time);
  int asked = 0;
  bench.host.ahead = [&asked] { return minutes(12) * ++asked; };
  const auto response = co_await bench.send();
  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(bench.strict->calls, 3);
}

VIRTUAL_TEST(DatedHttp, DoesNotBelieveWhatIsNotAWS) {
  DatedBench bench(time);
  bench.host.ahead = [] { return minutes(12); };
  HttpRequest request;
  request.url = "http://169.254.169.254/latest/api/token";
  request.direct = true;
  (void)co_await bench.http.send(std::move(request));
  EXPECT_FALSE(bench.aws->difference());
}

VIRTUAL_TEST(ServiceCaller, NamesTheClockThatIsWrong) {
  test::ScriptedService<Keys> service(time);
  HttpResponse refusal{400, {{"x-amzn-ErrorType", "InvalidSignatureException"}}, "{}"};
  refusal.clock_is_ahead = minutes(12);
  service.http.answer(refusal);
  const auto described = co_await service.client.describe_key("alias/x");
  CO_ASSERT_TRUE(!described);
  EXPECT_THAT(described.error().hint, HasSubstr("this host's clock is 12m 00s ahead of AWS's"));
}

}  // namespace
}  // namespace pitstop
