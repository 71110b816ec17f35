#include "aws/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aws/scheduler_errors.hpp"
#include "base/backoff.hpp"
#include "base/log.hpp"

namespace pitstop {
namespace {

constexpr std::string_view service = "scheduler";
constexpr Milliseconds longest_connect = Seconds(5);
constexpr std::size_t most_answered = std::size_t{1} << 20;

bool worth_repeating(ErrorKind kind) {
  return kind == ErrorKind::throttled || kind == ErrorKind::transient ||
         kind == ErrorKind::unknown_fate;
}

/// A page of some proxy's with status 200 is none of AWS's answers. DeleteSchedule has no content.
bool can_be_an_answer(const std::string& body) {
  return body.empty() || nlohmann::json::parse(body, nullptr, false).is_object();
}

}  // namespace

struct Scheduler::Call {
  std::string action;
  std::string method;
  std::string name;
  QueryParameters query = {};
  std::string body = {};
  std::optional<Duration> patience = {};

  bool changes() const { return method != "GET"; }
};

struct Scheduler::Outcome {
  Result<std::string> reply;
  /// Whether an attempt may have happened without our seeing its answer.
  bool may_have_happened = false;

  /// What the last attempt said, unless an earlier one may have happened.
  Error error() && {
    auto error = std::move(reply).error();
    if (may_have_happened) {
      error.kind = ErrorKind::unknown_fate;
    }
    return error;
  }
};

Task<Status> Scheduler::create(StartSchedule schedule) {
  Call creation{.action = "CreateSchedule",
                .method = "POST",
                .name = schedule.name,
                .body = to_json(schedule, identity_.region())};
  auto outcome = co_await call(std::move(creation));
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
  Call look{
      .action = "GetSchedule", .method = "GET", .name = std::move(name), .patience = patience};
  auto outcome = co_await call(std::move(look));
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
  Call removal{.action = "DeleteSchedule",
               .method = "DELETE",
               .name = std::move(name),
               .query = {{"clientToken", random_.hex(16)}},
               .patience = patience};
  auto outcome = co_await call(std::move(removal));
  if (!outcome.reply && outcome.reply.error().kind != ErrorKind::not_found) {
    co_return fail(std::move(outcome).error());
  }
  co_return Status();
}

Task<Scheduler::Outcome> Scheduler::call(Call call) {
  const Instant deadline = clock_.now() + call.patience.value_or(patience_);
  bool may_have_happened = false;
  for (int repetition = 0;; ++repetition) {
    Call copy = call;
    auto reply = co_await attempt(std::move(copy));
    if (reply) {
      co_return Outcome{std::move(reply), may_have_happened};
    }
    const ErrorKind kind = reply.error().kind;
    may_have_happened |= kind == ErrorKind::unknown_fate && call.changes();

    const auto wait = draw_wait(kind, repetition, random_);
    if (!worth_repeating(kind) || clock_.now() + wait >= deadline) {
      co_return Outcome{std::move(reply), may_have_happened};
    }
    log::debug("{}; again in {:.0f} ms", reply.error().message, seconds(wait) * 1000);
    co_await clock_.sleep(wait);
  }
}

Task<Result<std::string>> Scheduler::attempt(Call call) {
  CO_TRY(HttpRequest request, request_for(call));
  CO_TRY(request.signature, co_await identity_.signature(std::string(service)));
  auto response = co_await http_.send(std::move(request));
  if (!response) {
    co_return fail(within(call.action, std::move(response).error()));
  }
  log::debug("{}: HTTP {}, {} bytes", call.action, response->status, response->body.size());
  if (response->status != 200) {
    co_return fail(explain_scheduler_error(call.action, *response));
  }
  if (!can_be_an_answer(response->body)) {
    co_return fail(not_from_scheduler(call.action, *response));
  }
  co_return std::move(response->body);
}

Result<HttpRequest> Scheduler::request_for(const Call& call) const {
  TRY(const auto endpoint, identity_.endpoint(service));
  HttpRequest request;
  request.method = call.method;
  request.url = fmt::format("{}/schedules/{}", endpoint, percent_encoded(call.name));
  if (!call.query.empty()) {
    request.url += '?' + canonical_query(call.query);
  }
  if (!call.body.empty()) {
    request.headers.push_back({"Content-Type", "application/json"});
  }
  request.body = call.body;
  request.total_timeout = attempt_timeout_;
  request.connect_timeout = std::min(attempt_timeout_, longest_connect);
  request.max_response_bytes = most_answered;
  return request;
}

}  // namespace pitstop
