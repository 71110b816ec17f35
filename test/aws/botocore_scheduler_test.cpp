// Holds what we send to EventBridge Scheduler, and read, against botocore and its model.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aws/scheduler.hpp"
#include "scripted_http.hpp"
#include "some_schedule.hpp"
#include "support/botocore.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using BotocoreScheduler = test::Botocore;

constexpr auto region = "eu-central-1";

Task<void> call_all(Scheduler& scheduler) {
  const auto schedule = test::some_schedule();
  co_await scheduler.create(schedule);
  co_await scheduler.find(schedule.name);
  co_await scheduler.remove(schedule.name);
}

Task<void> record(VirtualTime& time, std::vector<HttpRequest>& requests) {
  test::ScriptedHttp http;
  http.answer(200, "{}").answer(200, R"({"Name":"x"})").answer(200, "{}");
  auto identity = test::some_identity(region);
  SeededRandom random(1);
  Scheduler scheduler(http, identity, time, random, Seconds(10), Seconds(30));
  co_await call_all(scheduler);
  requests = http.requests;
}

json as_scheduler_case(const char* action, const HttpRequest& request) {
  return {{"action", action},
          {"method", request.method},
          {"target", request.url.substr(request.url.find('/', sizeof("https://")))},
          {"type", request.headers.empty() ? "" : request.headers.front().value},
          {"body", request.body}};
}

TEST_F(BotocoreScheduler, SendsAndReadsTheSame) {
  std::vector<HttpRequest> requests;
  test::run_in_virtual_time([&](VirtualTime& time) { return record(time, requests); });
  ASSERT_EQ(requests.size(), 3U);
  const json cases = {
      as_scheduler_case("CreateSchedule", requests[0]),
      as_scheduler_case("GetSchedule", requests[1]),
      as_scheduler_case("DeleteSchedule", requests[2]),
      {{"action", "GetSchedule"}, {"answer", test::as_found(test::some_schedule(), region)}}};
  const auto findings = ask("aws/botocore_scheduler.py", cases);
  ASSERT_EQ(findings.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(findings[i], json::array()) << cases[i];
  }
}

}  // namespace
}  // namespace pitstop
