#include "aws/scheduler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scripted_http.hpp"
#include "some_schedule.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr auto schedule_name = "pitstop-i-0123456789abcdef0";
constexpr Duration patience = Seconds(30);

struct SchedulerBench {
  explicit SchedulerBench(VirtualTime& time_) : time(time_) {}

  Task<Status> create() { return scheduler.create(test::some_schedule()); }

  /// What GetSchedule answers: the schedule with another description.
  void find_one_described(const std::string& description) {
    auto schedule = test::some_schedule();
    schedule.description = description;
    http.answer(200, test::as_found(schedule, "eu-central-1").dump());
  }

  VirtualTime& time;
  test::ScriptedHttp http;
  Identity identity = test::some_identity();
  SeededRandom random{1};
  Scheduler scheduler{http, identity, time, random, Seconds(10), patience};
};

constexpr auto created =
    R"({"ScheduleArn":"arn:aws:scheduler:eu-central-1:123456789012:schedule/default/x"})";

VIRTUAL_TEST(Scheduler, CreatesWithOneSignedRequest) {
  SchedulerBench bench(time);
  bench.http.answer(200, created);
  const auto done = co_await bench.create();
  EXPECT_TRUE(done);
  CO_ASSERT_TRUE(bench.http.requests.size() == 1);
  const auto& request = bench.http.requests.front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url,
            "https://scheduler.eu-central-1.amazonaws.com/schedules/pitstop-i-0123456789abcdef0");
  EXPECT_EQ(json::parse(request.body)["ClientToken"], "r-1-i-0abc");
  CO_ASSERT_TRUE(request.headers.size() == 1);
  EXPECT_EQ(request.headers[0].name, "Content-Type");
  EXPECT_EQ(request.headers[0].value, "application/json");
  CO_ASSERT_TRUE(request.signature);
  EXPECT_EQ(request.signature->service, "scheduler");
  EXPECT_EQ(request.signature->region, "eu-central-1");
  EXPECT_EQ(request.total_timeout, Seconds(10));
  EXPECT_EQ(request.connect_timeout, Seconds(5));
}

VIRTUAL_TEST(Scheduler, FindsWhatIsThere) {
  SchedulerBench bench(time);
  bench.find_one_described("somebody");
  const auto found = co_await bench.scheduler.find(schedule_name);
  CO_ASSERT_TRUE(found);
  EXPECT_EQ(found->instance, InstanceId("i-0123456789abcdef0"));
  EXPECT_EQ(found->description, "somebody");
  EXPECT_EQ(found->begin, test::some_schedule().begin);
  EXPECT_EQ(found->end, test::some_schedule().end);
  EXPECT_EQ(bench.http.requests.front().method, "GET");
  EXPECT_THAT(bench.http.requests.front().body, "");
  EXPECT_THAT(bench.http.requests.front().headers, SizeIs(0));
}

VIRTUAL_TEST(Scheduler, DoesNotFindWhatIsNotThere) {
  SchedulerBench bench(time);
  bench.http.refuse(404, "ResourceNotFoundException", "Schedule x does not exist.");
  const auto found = co_await bench.scheduler.find(schedule_name);
  EXPECT_EQ(found.error().kind, ErrorKind::not_found);
}

VIRTUAL_TEST(Scheduler, RemovesAndIsContentWithNothing) {
  SchedulerBench bench(time);
  bench.http.answer(200, "{}").answer(200, "").refuse(404, "ResourceNotFoundException");
  for (int i = 0; i < 3; ++i) {
    const auto removed = co_await bench.scheduler.remove(schedule_name);
    EXPECT_TRUE(removed) << i;
  }
  const auto& request = bench.http.requests.front();
  EXPECT_EQ(request.method, "DELETE");
  EXPECT_THAT(request.url, HasSubstr("/schedules/pitstop-i-0123456789abcdef0?clientToken="));
  EXPECT_NE(request.url, bench.http.requests.back().url);
}

VIRTUAL_TEST(Scheduler, IsNotContentWithANotFoundThatIsNotFromAws) {
  SchedulerBench bench(time);
  for (int i = 0; i < 100; ++i) {
    bench.http.answer(404, "<html>not here</html>");
  }
  const auto removed = co_await bench.scheduler.remove(schedule_name);
  CO_ASSERT_TRUE(!removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(Scheduler, HeldByAnother) {
  SchedulerBench bench(time);
  bench.http.refuse(409, "ConflictException", "Schedule x already exists.");
  bench.find_one_described("another run");
  const auto done = co_await bench.create();
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::held);
  EXPECT_TRUE(bench.http.used_up());
}

VIRTUAL_TEST(Scheduler, ALostAttemptOfOursIsOurs) {
  SchedulerBench bench(time);
  bench.http.fail(ErrorKind::unknown_fate).refuse(409, "ConflictException");
  bench.find_one_described(test::some_schedule().description);
  const auto done = co_await bench.create();
  EXPECT_TRUE(done);
  EXPECT_EQ(bench.http.requests[0].body, bench.http.requests[1].body);
  EXPECT_EQ(bench.http.requests[2].method, "GET");
}

VIRTUAL_TEST(Scheduler, ALostAttemptThatAnotherCameBefore) {
  SchedulerBench bench(time);
  bench.http.fail(ErrorKind::unknown_fate).refuse(409, "ConflictException");
  bench.find_one_described("another run");
  const auto done = co_await bench.create();
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::held);
}

VIRTUAL_TEST(Scheduler, WhatNobodyCanTellIsOfUnknownFate) {
  SchedulerBench bench(time);
  bench.http.fail(ErrorKind::unknown_fate).refuse(409, "ConflictException");
  bench.http.refuse(404, "ResourceNotFoundException");
  const auto done = co_await bench.create();
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(Scheduler, AsksAgainWhenItMay) {
  SchedulerBench bench(time);
  const Instant begun = time.now();
  bench.http.fail(ErrorKind::transient).refuse(429, "ThrottlingException");
  bench.http.refuse(500, "InternalServerException").answer(503, "<html>busy</html>");
  bench.http.answer(200, "<html>log in first</html>").answer(200, created);
  const auto done = co_await bench.create();
  EXPECT_TRUE(done);
  EXPECT_THAT(bench.http.requests, SizeIs(6));
  EXPECT_GT(time.now(), begun);
}

VIRTUAL_TEST(Scheduler, DoesNotAskAgainInVain) {
  for (const auto* code : {"ValidationException", "AccessDeniedException", "SomethingNew",
                           "ServiceQuotaExceededException"}) {
    SchedulerBench bench(time);
    bench.http.refuse(400, code);
    const auto done = co_await bench.create();
    EXPECT_FALSE(done) << code;
    EXPECT_THAT(bench.http.requests, SizeIs(1)) << code;
  }
}

VIRTUAL_TEST(Scheduler, HasSoMuchPatience) {
  SchedulerBench bench(time);
  const Instant begun = time.now();
  for (int i = 0; i < 1000; ++i) {
    bench.http.refuse(429, "ThrottlingException");
  }
  const auto done = co_await bench.create();
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::throttled);
  EXPECT_LE(time.now() - begun, patience);
}

VIRTUAL_TEST(Scheduler, TheLastErrorDoesNotMakeALostAttemptUndone) {
  SchedulerBench bench(time);
  bench.http.fail(ErrorKind::unknown_fate).refuse(403, "AccessDeniedException");
  const auto done = co_await bench.create();
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::unknown_fate);
  EXPECT_THAT(done.error().hint, HasSubstr("scheduler:CreateSchedule"));
}

VIRTUAL_TEST(Scheduler, ALostLookIsNothingThatMayHaveHappened) {
  SchedulerBench bench(time);
  bench.http.fail(ErrorKind::unknown_fate).refuse(403, "AccessDeniedException");
  const auto found = co_await bench.scheduler.find(schedule_name);
  CO_ASSERT_TRUE(!found);
  EXPECT_EQ(found.error().kind, ErrorKind::forbidden);
}

VIRTUAL_TEST(Scheduler, NoSecretGetsIntoAnError) {
  SchedulerBench bench(time);
  bench.http.refuse(403, "InvalidSignatureException", "no match");
  const auto done = co_await bench.create();
  CO_ASSERT_TRUE(!done);
  EXPECT_THAT(done.error().message + done.error().hint, Not(HasSubstr("made-up")));
}

VIRTUAL_TEST(Scheduler, GoesWhereTheUserSays) {
  SchedulerBench bench(time);
  bench.identity = *Identity::load(
      {.region = "cn-north-1", .profile = {}, .endpoint_url = "http://localhost:4566/"},
      Environment({{"AWS_CONFIG_FILE", "/dev/null"},
                   {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                   {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                   {"AWS_SECRET_ACCESS_KEY", "made-up"}}),
      test::closed_doors());
  bench.http.answer(200, created);
  const auto done = co_await bench.create();
  EXPECT_TRUE(done);
  const auto& request = bench.http.requests.front();
  EXPECT_EQ(request.url, "http://localhost:4566/schedules/pitstop-i-0123456789abcdef0");
  EXPECT_EQ(json::parse(request.body)["Target"]["Arn"],
            "arn:aws-cn:scheduler:::aws-sdk:ec2:startInstances");
}

}  // namespace
}  // namespace pitstop
