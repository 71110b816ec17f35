#include "aws/scheduler.hpp"

#include "aws/scheduler_errors.hpp"

namespace pitstop {
namespace {

std::string target_of(std::string_view name) {
  return "/schedules/" + percent_encoded(name);
}

}  // namespace

Scheduler::Scheduler(Http& http, Identity& identity, Clock& clock, Random& random,
                     Milliseconds attempt_timeout, Duration patience)
    : caller_(scheduler_api, http, identity, clock, random, attempt_timeout, patience),
      identity_(identity),
      random_(random) {}

Task<Status> Scheduler::create(StartSchedule schedule) {
  ServiceCall creation{.action = "CreateSchedule",
                       .changes = true,
                       .target = target_of(schedule.name),
                       .headers = {{"Content-Type", "application/json"}},
                       .body = to_json(schedule, identity_.region())};
  auto outcome = co_await caller_.call(std::move(creation));
  if (outcome.reply) {
    co_return Status();
  }
  if (outcome.reply.error().kind != ErrorKind::held) {
    co_return fail(std::move(outcome).error());
  }
  // It is that of a lost attempt of ours, or another's.
  const auto there = co_await find(schedule.name);
  if (!there) {
    co_return fail(std::move(outcome).error());
  }
  if (there->description == schedule.description) {
    co_return Status();
  }
  co_return fail(std::move(outcome.reply).error());
}

Task<Result<FoundSchedule>> Scheduler::find(std::string name, std::optional<Duration> patience) {
  ServiceCall look{
      .action = "GetSchedule", .method = "GET", .target = target_of(name), .patience = patience};
  auto outcome = co_await caller_.call(std::move(look));
  CO_TRY(const auto body, std::move(outcome.reply));
  auto found = parse_schedule(body);
  if (!found) {
    co_return fail(ErrorKind::unknown_fate, "GetSchedule: the answer is no schedule");
  }
  co_return *std::move(found);
}

Task<Status> Scheduler::remove(std::string name, std::optional<Duration> patience) {
  // With the same token a repetition does nothing, as AWS documents it: one that comes late must
  // not remove what somebody else has made since.
  const auto query = canonical_query({{"clientToken", random_.hex(16)}});
  ServiceCall removal{.action = "DeleteSchedule",
                      .changes = true,
                      .method = "DELETE",
                      .target = target_of(name) + '?' + query,
                      .patience = patience};
  auto outcome = co_await caller_.call(std::move(removal));
  if (!outcome.reply && outcome.reply.error().kind != ErrorKind::not_found) {
    co_return fail(std::move(outcome).error());
  }
  co_return Status();
}

}  // namespace pitstop
