#include "backup/fleet.hpp"

#include <fmt/format.h>

#include "backup/pending.hpp"
#include "backup/procedure.hpp"
#include "backup/recording.hpp"
#include "backup/server_tools.hpp"
#include "backup/surprises.hpp"
#include "base/concurrently.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_pending = Seconds(15);

Task<Status> check_into(FleetTools tools, ec2::Caller& caller, const Survey& survey,
                        SelectedServer server, BackupOptions options, RunId run, Checked& slot) {
  BackupId backup("b-" + tools.random.hex(12));
  const CheckTools check_tools{.ec2 = caller,
                               .survey = survey,
                               .clock = tools.clock,
                               .identity = tools.identity,
                               .own_host = tools.here.instance};
  slot = co_await check(check_tools, std::move(server), std::move(options), std::move(run),
                        std::move(backup));
  co_return Status();
}

Finding broken_off(const Error& surprise) {
  return found(FindingCode::no_answer, "the check broke off: " + surprise.message, surprise.hint);
}

/// A surprise refuses this server, and no other.
Task<Checked> check_server(FleetTools tools, ec2::Caller& caller, const Survey& survey,
                           SelectedServer server, BackupOptions options, RunId run) {
  Checked checked;
  auto checking =
      check_into(tools, caller, survey, server, std::move(options), std::move(run), checked);
  const auto ended = co_await without_surprises(tools.clock, std::move(checking));
  if (!ended) {
    checked = {};
    checked.instance = std::move(server.instance);
    checked.findings.push_back(broken_off(ended.error()));
  }
  co_return checked;
}

Task<void> check_alone(FleetTools tools, const Survey& survey, SelectedServer server,
                       BackupOptions options, RunId run, Checked& slot) {
  OwnCaller own(tools);
  slot = co_await check_server(tools, own.retrying, survey, std::move(server), std::move(options),
                               std::move(run));
}

Task<Status> survey_into(FleetTools tools, std::vector<SelectedServer> servers, Survey& slot) {
  OwnCaller own(tools);
  slot = co_await take_survey(own.retrying, tools.others, std::move(servers));
  co_return Status();
}

Task<Survey> survey_servers(FleetTools tools, std::vector<SelectedServer> servers) {
  Survey survey;
  auto asking = survey_into(tools, std::move(servers), survey);
  const auto ended = co_await without_surprises(tools.clock, std::move(asking));
  if (!ended) {
    survey.untold.push_back(broken_off(ended.error()));
    survey.untold.back().severity = Severity::warn;
  }
  co_return survey;
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

void tell(FleetTools tools, const InstanceId& instance, Step step, std::string detail,
          std::string hint = {}) {
  tools.observer.saw({instance, step, tools.clock.wall(), std::move(detail), std::move(hint)});
}

/// Until nothing keeps EC2 from taking snapshots of the volumes at once, or the user has asked to
/// end. Nothing is done to the server meanwhile.
Task<Status> wait_for_snapshots(FleetTools tools, ec2::Caller& caller, const Checked& checked) {
  const auto& id = checked.instance.id;
  const auto& plan = *checked.plan;
  auto pending = checked.pending_snapshots;
  if (!pending.empty() && plan.options.wait_pending) {
    tell(tools, id, Step::waiting,
         fmt::format("{} pending snapshots of its volumes", pending.size()));
  }
  while (!pending.empty() && plan.options.wait_pending && !tools.interruption.requested()) {
    co_await tools.clock.sleep(between_looks_at_pending);
    CO_TRY(pending, co_await find_pending_snapshots(caller, plan.volumes));
  }
  const auto wait = until_more_are_taken(pending, tools.clock.wall());
  co_await tools.clock.sleep(wait);
  co_return Status();
}

Task<BackupOutcome> back_up_checked(FleetTools tools, OwnCaller& own, Watches& watches,
                                    Semaphore& pit_lane, Checked checked) {
  const auto& id = checked.instance.id;
  for (const auto& finding : checked.findings) {
    if (finding.severity == Severity::warn) {
      tell(tools, id, Step::warning, finding.message, finding.hint);
    }
  }
  auto waiting = wait_for_snapshots(tools, own.retrying, checked);
  const auto waited = co_await without_surprises(tools.clock, std::move(waiting));
  if (!waited) {
    co_return refusal(id, checked.plan->options, waited.error(), tools.clock.wall());
  }
  const Tools own_tools = tools_of_a_server(tools, own, watches, pit_lane);
  co_return co_await back_up(*std::move(checked.plan), own_tools);
}

Task<void> back_up_into(FleetTools tools, const Survey& survey, Watches& watches,
                        Semaphore& pit_lane, SelectedServer server, BackupOptions options,
                        RunId run, BackupOutcome& slot) {
  OwnCaller own(tools);
  const InstanceId id = server.instance.id;
  const auto name = server.instance.name().value_or("");
  auto checked =
      co_await check_server(tools, own.retrying, survey, std::move(server), options, run);
  if (checked.may_begin()) {
    slot = co_await back_up_checked(tools, own, watches, pit_lane, std::move(checked));
  } else {
    slot = refusal(id, options, refusal_of(checked.findings), tools.clock.wall());
  }
  slot.api_calls += own.counting.calls();
  auto ended = to_record(slot, name, run, tools.here.region);
  co_await record(tools, std::move(ended));
  tell(tools, id, Step::finished, std::string(to_string(slot.outcome)));
}

}  // namespace

Task<std::vector<Checked>> check_fleet(FleetTools tools, std::vector<SelectedServer> servers,
                                       BackupOptions options, RunId run) {
  const Survey survey = co_await survey_servers(tools, servers);
  std::vector<Checked> all(servers.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    tasks.push_back(check_alone(tools, survey, servers[i], options, run, all[i]));
  }
  co_await concurrently(std::move(tasks));
  co_return all;
}

Task<std::vector<BackupOutcome>> back_up_fleet(FleetTools tools,
                                               std::vector<SelectedServer> servers,
                                               BackupOptions options, RunId run,
                                               std::size_t max_down) {
  const Survey survey = co_await survey_servers(tools, servers);
  Watches watches(tools);
  Semaphore pit_lane(max_down);
  std::vector<BackupOutcome> outcomes(servers.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    tasks.push_back(
        back_up_into(tools, survey, watches, pit_lane, servers[i], options, run, outcomes[i]));
  }
  co_await concurrently(std::move(tasks));
  tools.logbook.let_go(run);
  co_return outcomes;
}

}  // namespace pitstop
