#include "backup/fleet.hpp"

#include <fmt/format.h>

#include "backup/check.hpp"
#include "backup/procedure.hpp"
#include "backup/recording.hpp"
#include "backup/server_tools.hpp"
#include "base/concurrently.hpp"
#include "base/log.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

template <class Value>
std::optional<Value> known(std::string_view what, Result<Value> asked) {
  if (!asked) {
    log::debug("{} is not captured: {}", what, asked.error().message);
    return std::nullopt;
  }
  return std::move(*asked);
}

Task<InstanceAttributes> describe_attributes(ec2::Caller& caller, InstanceId instance) {
  InstanceAttributes attributes;
  attributes.shutdown_behavior =
      known("the shutdown behaviour", co_await ec2::describe_shutdown_behavior(caller, instance));
  attributes.termination_protection =
      known("termination protection", co_await ec2::is_termination_protected(caller, instance));
  attributes.stop_protection =
      known("stop protection", co_await ec2::is_stop_protected(caller, instance));
  co_return attributes;
}

Task<Result<BackupPlan>> plan_server(FleetTools tools, ec2::Caller& caller, SelectedServer server,
                                     BackupOptions options, RunId run) {
  const BackupId backup("b-" + tools.random.hex(12));
  const auto attributes = co_await describe_attributes(caller, server.instance.id);
  CO_TRY(auto plan, make_plan(server.instance, attributes, server.volumes, options, run, backup));
  CO_TRY_STATUS(co_await check(caller, plan, tools.clock.wall()));
  co_return plan;
}

Task<void> plan_into(FleetTools tools, SelectedServer server, BackupOptions options, RunId run,
                     Result<BackupPlan>& slot) {
  OwnCaller own(tools);
  slot = co_await plan_server(tools, own.retrying, std::move(server), std::move(options),
                              std::move(run));
}

BackupOutcome refusal(const InstanceId& instance, const BackupOptions& options, const Error& error,
                      WallTime now) {
  BackupOutcome outcome;
  outcome.instance = instance;
  outcome.begun = now;
  outcome.start_when = options.start_when;
  outcome.outcome = Outcome::refused;
  outcome.error = error;
  return outcome;
}

/// Nothing more happens to the server: a journal that fails changes nothing for it.
Task<void> record(FleetTools tools, BackupRecord ended) {
  const InstanceId id = ended.instance;
  const auto added = co_await tools.logbook.close(std::move(ended));
  if (!added) {
    tools.observer.saw({id, Step::warning, tools.clock.wall(),
                        fmt::format("{}: its backup is not in the journal, and no report will "
                                    "count it: {}",
                                    id.str(), added.error().message),
                        added.error().hint});
  }
}

Task<void> back_up_into(FleetTools tools, Watches& watches, Semaphore& pit_lane,
                        SelectedServer server, BackupOptions options, RunId run,
                        BackupOutcome& slot) {
  OwnCaller own(tools);
  const InstanceId id = server.instance.id;
  auto plan = co_await plan_server(tools, own.retrying, server, options, run);
  if (plan) {
    for (const auto& note : plan->notes) {
      tools.observer.saw({id, Step::warning, tools.clock.wall(), id.str() + ": " + note, {}});
    }
    const Tools own_tools = tools_of_a_server(tools, own, watches, pit_lane);
    slot = co_await back_up(std::move(*plan), own_tools);
  } else {
    slot = refusal(id, options, plan.error(), tools.clock.wall());
  }
  slot.api_calls += own.counting.calls();
  auto ended = to_record(slot, server.instance.name().value_or(""), run, tools.here.region);
  co_await record(tools, std::move(ended));
  tools.observer.saw(
      {id, Step::finished, tools.clock.wall(), std::string(to_string(slot.outcome)), {}});
}

}  // namespace

Task<std::vector<Result<BackupPlan>>> plan_fleet(FleetTools tools,
                                                 std::vector<SelectedServer> servers,
                                                 BackupOptions options, RunId run) {
  std::vector<Result<BackupPlan>> plans(servers.size(), fail(ErrorKind::internal, "not planned"));
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    tasks.push_back(plan_into(tools, servers[i], options, run, plans[i]));
  }
  co_await concurrently(std::move(tasks));
  co_return plans;
}

Task<std::vector<BackupOutcome>> back_up_fleet(FleetTools tools,
                                               std::vector<SelectedServer> servers,
                                               BackupOptions options, RunId run,
                                               std::size_t max_down) {
  Watches watches(tools);
  Semaphore pit_lane(max_down);
  std::vector<BackupOutcome> outcomes(servers.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    tasks.push_back(back_up_into(tools, watches, pit_lane, servers[i], options, run, outcomes[i]));
  }
  co_await concurrently(std::move(tasks));
  tools.logbook.let_go(run);
  co_return outcomes;
}

}  // namespace pitstop
