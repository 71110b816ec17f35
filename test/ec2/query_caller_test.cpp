#include "ec2/query_caller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/closed_doors.hpp"
#include "support/coroutine.hpp"

namespace pitstop::ec2 {
namespace {

using testing::SizeIs;

class FakeHttp final : public Http {
 public:
  Task<Result<HttpResponse>> send(HttpRequest request) override {
    requests.push_back(std::move(request));
    co_return response;
  }

  std::vector<HttpRequest> requests;
  Result<HttpResponse> response = HttpResponse{
      .status = 200, .headers = {}, .body = "<XResponse><return>true</return></XResponse>"};
};

Identity some_identity(bool with_keys = true) {
  std::map<std::string, std::string, std::less<>> variables = {
      {"AWS_CONFIG_FILE", "/dev/null"},
      {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
      {"AWS_EC2_METADATA_DISABLED", "true"}};
  if (with_keys) {
    variables.emplace("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    variables.emplace("AWS_SECRET_ACCESS_KEY", "made-up");
  }
  const IdentityOptions options{.region = "eu-central-1", .profile = {}, .endpoint_url = {}};
  return *Identity::load(options, Environment(std::move(variables)), test::closed_doors());
}

struct QueryBench {
  FakeHttp http;
  Identity identity = some_identity();
  QueryCaller caller{http, identity, "https://ec2.example", Seconds(10)};
};

CO_TEST(QueryCaller, SendsOneSignedFormPerCall) {
  QueryBench bench;
  Call call{.action = "X"};
  call.parameters.add("InstanceId.1", "i-1");
  call.parameters.add("Description", "a & b");
  const auto reply = co_await bench.caller.call(std::move(call));
  CO_ASSERT_TRUE(reply);
  CO_ASSERT_TRUE(bench.http.requests.size() == 1);
  const auto& request = bench.http.requests.front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://ec2.example/");
  EXPECT_EQ(request.body, "Action=X&Version=2016-11-15&InstanceId.1=i-1&Description=a+%26+b");
  CO_ASSERT_TRUE(request.headers.size() == 1);
  EXPECT_EQ(request.headers[0].name, "Content-Type");
  EXPECT_EQ(request.headers[0].value, "application/x-www-form-urlencoded; charset=utf-8");
  CO_ASSERT_TRUE(request.signature);
  EXPECT_EQ(request.signature->service, "ec2");
  EXPECT_EQ(request.signature->region, "eu-central-1");
  EXPECT_EQ(request.signature->access_key_id, "AKIDEXAMPLE");
}

CO_TEST(QueryCaller, SendsActionAndVersionWhereThereIsNothingElse) {
  QueryBench bench;
  Call call{.action = "X"};
  const auto reply = co_await bench.caller.call(std::move(call));
  EXPECT_TRUE(reply);
  EXPECT_EQ(bench.http.requests.front().body, "Action=X&Version=2016-11-15");
}

Task<bool> goes_out_at_most_once(Call call) {
  QueryBench bench;
  const auto reply = co_await bench.caller.call(std::move(call));
  EXPECT_TRUE(reply);
  co_return bench.http.requests.front().at_most_once;
}

CO_TEST(QueryCaller, WhatChangesSomethingGoesOutAtMostOnceUnlessItMayBeRepeatedUnseen) {
  Call question{.action = "X", .effect = Effect::asks};
  EXPECT_FALSE(co_await goes_out_at_most_once(question));
  Call change{.action = "X", .effect = Effect::settles};
  EXPECT_TRUE(co_await goes_out_at_most_once(change));
  Call creation{.action = "X", .effect = Effect::creates};
  EXPECT_TRUE(co_await goes_out_at_most_once(creation));
  Call start{.action = "X", .effect = Effect::settles, .may_repeat_unseen = true};
  EXPECT_FALSE(co_await goes_out_at_most_once(start));
}

Task<Milliseconds> timeout_of(QueryBench& bench, Call call) {
  const auto reply = co_await bench.caller.call(std::move(call));
  EXPECT_TRUE(reply);
  co_return bench.http.requests.back().total_timeout;
}

CO_TEST(QueryCaller, GivesCreationsMoreTime) {
  QueryBench bench;
  Call usual{.action = "X"};
  EXPECT_EQ(co_await timeout_of(bench, usual), Seconds(10));
  Call creation{.action = "X", .effect = Effect::creates};
  EXPECT_EQ(co_await timeout_of(bench, creation), Seconds(40));
  Call hasty{.action = "X", .attempt_timeout = Seconds(5)};
  EXPECT_EQ(co_await timeout_of(bench, hasty), Seconds(5));
  Call lazy{.action = "X", .attempt_timeout = Seconds(50)};
  EXPECT_EQ(co_await timeout_of(bench, lazy), Seconds(10))
      << "it only ever shortens the usual time";
}

CO_TEST(QueryCaller, TakesNoLongerAnswerThanTheCallCanNeed) {
  QueryBench bench;
  Call few{.action = "X"};
  (void)co_await bench.caller.call(std::move(few));
  EXPECT_EQ(bench.http.requests.back().max_response_bytes, longest_of_few);
  Call many{.action = "X", .longest_answer = 12345};
  (void)co_await bench.caller.call(std::move(many));
  EXPECT_EQ(bench.http.requests.back().max_response_bytes, 12345U);
}

CO_TEST(QueryCaller, ConnectsWithinTheTimeOfTheAttempt) {
  QueryBench bench;
  Call call{.action = "X", .attempt_timeout = Seconds(2)};
  const auto reply = co_await bench.caller.call(std::move(call));
  EXPECT_TRUE(reply);
  EXPECT_EQ(bench.http.requests.front().connect_timeout, Seconds(2));
  Call usual{.action = "X"};
  const auto another = co_await bench.caller.call(std::move(usual));
  EXPECT_TRUE(another);
  EXPECT_EQ(bench.http.requests.back().connect_timeout, Seconds(5));
}

CO_TEST(QueryCaller, AFailureOfTheNetworkKeepsItsKindAndNamesTheAction) {
  for (const auto kind : {ErrorKind::transient, ErrorKind::unknown_fate, ErrorKind::refused}) {
    QueryBench bench;
    bench.http.response = fail(kind, "the connection is gone");
    Call call{.action = "X"};
    const auto reply = co_await bench.caller.call(std::move(call));
    CO_ASSERT_TRUE(!reply);
    EXPECT_EQ(reply.error().kind, kind);
    EXPECT_EQ(reply.error().message, "X: the connection is gone");
    EXPECT_THAT(bench.http.requests, SizeIs(1)) << "it tries once";
  }
}

CO_TEST(QueryCaller, ReadsTheAnswer) {
  QueryBench bench;
  bench.http.response = HttpResponse{
      .status = 503,
      .headers = {},
      .body =
          "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>"};
  Call call{.action = "X"};
  const auto reply = co_await bench.caller.call(std::move(call));
  CO_ASSERT_TRUE(!reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::throttled);
}

CO_TEST(QueryCaller, SendsNothingWithoutCredentials) {
  FakeHttp http;
  Identity identity = some_identity(false);
  QueryCaller caller(http, identity, "https://ec2.example", Seconds(10));
  Call call{.action = "X"};
  const auto reply = co_await caller.call(std::move(call));
  EXPECT_FALSE(reply);
  EXPECT_THAT(http.requests, SizeIs(0));
}

}  // namespace
}  // namespace pitstop::ec2
