#include "backup/guard.hpp"

#include <fmt/format.h>

#include "aws/scheduler.hpp"
#include "base/check.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

/// The run itself starts the server at the deadline; the guard only if that is not done.
constexpr Duration after_the_deadline = std::chrono::minutes(5);

/// By then somebody has looked after it; a guard that is forgotten must not start for ever what
/// somebody has stopped.
constexpr Duration lasts_for = std::chrono::hours(24);

/// EC2's services show late what was made a moment ago.
constexpr Duration guard_visible_after = Seconds(30);
constexpr Duration between_looks_at_guard = Seconds(2);

/// The server is up, and there is time.
constexpr Duration patience_of_removal = std::chrono::minutes(10);

std::string name_of(const InstanceId& instance) {
  return "pitstop-" + instance.str();
}

/// Whose guard it is; nobody else writes the same.
std::string description_of(const RunId& run, const InstanceId& instance) {
  return fmt::format("pitstop: starts {} if the run {} does not", instance.str(), run.str());
}

StartSchedule schedule_for(const BackupPlan& plan, WallTime now) {
  const auto& instance = plan.instance.id;
  const auto begin = now + std::chrono::ceil<Milliseconds>(plan.options.max_downtime) +
                     std::chrono::ceil<Milliseconds>(after_the_deadline);
  return {.name = name_of(instance),
          .instance = instance,
          .role_arn = plan.options.guard_role,
          .begin = begin,
          .end = begin + std::chrono::ceil<Milliseconds>(lasts_for),
          .description = description_of(plan.run, instance),
          .client_token = plan.backup.str()};
}

/// Looks for a while at what may not be visible yet.
Task<Result<FoundSchedule>> find_patiently(Tools tools, std::string name,
                                           std::optional<Duration> patience = {}) {
  const Instant give_up = tools.clock.now() + guard_visible_after;
  while (true) {
    auto found = co_await tools.scheduler->find(name, patience);
    const bool hidden = !found && found.error().kind == ErrorKind::not_found;
    if (!hidden || tools.clock.now() >= give_up) {
      co_return found;
    }
    co_await tools.clock.sleep(between_looks_at_guard);
  }
}

/// The description tells people whose it is.
Task<Error> held_by_another(Tools tools, const BackupPlan& plan) {
  const auto& id = plan.instance.id;
  const auto found = co_await tools.scheduler->find(name_of(id));
  co_return Error{
      ErrorKind::held,
      fmt::format("{} is guarded by another run ({})", id.str(),
                  found ? printable(found->description) : std::string("it went a moment ago")),
      "wait until that run has ended; if its host is gone: pitstop recover",
      {}};
}

Error not_guarded(const BackupPlan& plan, const Error& why) {
  auto error = within(fmt::format("{} cannot be guarded", plan.instance.id.str()), why);
  if (error.hint.empty()) {
    error.hint = "pitstop guard template prints what the role of --guard-role needs";
  }
  return error;
}

}  // namespace

Task<Status> set_guard(Tools tools, const BackupPlan& plan) {
  CHECK(tools.scheduler != nullptr);
  const auto wanted = schedule_for(plan, tools.clock.wall());
  const auto made = co_await tools.scheduler->create(wanted);
  if (!made && made.error().kind == ErrorKind::held) {
    co_return fail(co_await held_by_another(tools, plan));
  }
  if (!made) {
    co_return fail(not_guarded(plan, made.error()));
  }
  const auto found = co_await find_patiently(tools, wanted.name);
  if (!found) {
    co_return fail(not_guarded(plan, found.error()));
  }
  const auto checked = check_schedule(*found, wanted, tools.here.region);
  if (!checked) {
    co_return fail(not_guarded(plan, checked.error()));
  }
  co_return Status();
}

Task<Status> remove_guard(Tools tools, RunId run, InstanceId instance) {
  CHECK(tools.scheduler != nullptr);
  const auto name = name_of(instance);
  const auto found = co_await find_patiently(tools, name, patience_of_removal);
  if (!found) {
    co_return found.error().kind == ErrorKind::not_found ? Status() : fail(found.error());
  }
  if (found->description != description_of(run, instance)) {
    co_return Status();
  }
  auto removed = co_await tools.scheduler->remove(name, patience_of_removal);
  if (!removed) {
    // What EventBridge Scheduler shows counts, whatever it has answered.
    const auto left = co_await tools.scheduler->find(name, patience_of_removal);
    if (!left && left.error().kind == ErrorKind::not_found) {
      co_return Status();
    }
  }
  co_return removed;
}

}  // namespace pitstop
