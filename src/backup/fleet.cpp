#include "backup/fleet.hpp"

#include <fmt/format.h>

#include "backup/online.hpp"
#include "backup/pending.hpp"
#include "backup/procedure.hpp"
#include "backup/recording.hpp"
#include "backup/server_tools.hpp"
#include "backup/surprises.hpp"
#include "base/concurrently.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_pending = Seconds(15);

/// What all servers of a run at one site have in common.
struct Run {
  FleetTools tools;
  Survey survey;
  BackupOptions options;
  RunId id;
};

Finding broken_off(const Error& surprise, Severity severity) {
  return found(FindingCode::no_answer, "the check broke off: " + surprise.message, surprise.hint,
               severity);
}

/// A surprise refuses this server, and no other.
Task<Checked> check_server(const Run& run, ec2::Caller& caller, PendingSnapshots& pending,
                           SelectedServer server) {
  const auto instance = server.instance;
  BackupId backup("b-" + run.tools.random.hex(12));
  const CheckTools check_tools{.ec2 = caller,
                               .pending = pending,
                               .survey = run.survey,
                               .clock = run.tools.clock,
                               .identity = run.tools.identity,
                               .own_host = run.tools.here.instance};
  auto checking = check(check_tools, std::move(server), run.options, run.id, std::move(backup));
  auto checked = co_await without_surprises(run.tools.clock, std::move(checking));
  if (!checked) {
    co_return Checked{.instance = instance,
                      .plan = {},
                      .findings = {broken_off(checked.error(), Severity::refuse)},
                      .pending_snapshots = {}};
  }
  co_return *std::move(checked);
}

Task<void> check_into(const Run& run, Semaphore& checks, PendingSnapshots& pending,
                      SelectedServer server, Checked& slot) {
  OwnCaller own(run.tools);
  const auto permit = co_await checks.acquire();
  slot = co_await check_server(run, own.retrying, pending, std::move(server));
}

Task<Survey> survey_servers(FleetTools tools, std::vector<SelectedServer> servers,
                            BackupOptions options) {
  OwnCaller own(tools);
  auto asking = take_survey(own.retrying, tools.others, std::move(servers), std::move(options));
  auto survey = co_await without_surprises(tools.clock, std::move(asking));
  if (!survey) {
    Survey nothing;
    nothing.untold = {broken_off(survey.error(), Severity::warn)};
    co_return nothing;
  }
  co_return *std::move(survey);
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

void tell(FleetTools tools, const InstanceId& instance, Step step, std::string detail,
          std::string hint = {}) {
  tools.observer.saw({instance, step, tools.clock.wall(), std::move(detail), std::move(hint)});
}

/// Nothing more happens to the server: a journal that fails changes nothing for it.
Task<void> record(FleetTools tools, BackupRecord ended) {
  const InstanceId id = ended.instance;
  const auto added = co_await tools.logbook.close(std::move(ended));
  if (!added) {
    tell(tools, id, Step::warning,
         fmt::format("{}: its backup is not in the journal, and no report will count it: {}",
                     id.str(), added.error().message),
         added.error().hint);
  }
}

/// Until nothing keeps EC2 from taking snapshots of the volumes at once, or the user has asked to
/// end. Nothing is done to the server meanwhile.
Task<Status> wait_for_snapshots(FleetTools tools, PendingSnapshots& snapshots,
                                const Checked& checked) {
  const auto& id = checked.instance.id;
  const auto& plan = *checked.plan;
  auto pending = checked.pending_snapshots;
  if (!pending.empty() && plan.options.wait_pending) {
    tell(tools, id, Step::waiting,
         fmt::format("{} pending snapshots of its volumes", pending.size()));
  }
  while (!pending.empty() && plan.options.wait_pending && !tools.interruption.requested()) {
    co_await tools.clock.sleep(between_looks_at_pending);
    CO_TRY(pending, co_await snapshots.of(plan.volumes));
  }
  const auto wait = until_more_are_taken(pending, tools.clock.wall());
  co_await tools.clock.sleep(wait);
  co_return Status();
}

Task<BackupOutcome> back_up_checked(FleetTools tools, OwnCaller& own, SharedCalls& shared,
                                    Turn& turn, Checked checked) {
  const auto& id = checked.instance.id;
  for (const auto& finding : checked.findings) {
    if (finding.severity == Severity::warn) {
      tell(tools, id, Step::warning, finding.message, finding.hint);
    }
  }
  if (!checked.pending_snapshots.empty() || checked.plan->is_primed()) {
    turn.step_back();
  }
  auto waiting = wait_for_snapshots(tools, shared.pending, checked);
  const auto waited = co_await without_surprises(tools.clock, std::move(waiting));
  if (!waited) {
    co_return refusal(id, checked.plan->options, waited.error(), tools.clock.wall());
  }
  const Tools own_tools = tools_of_a_server(tools, own, shared, turn);
  if (checked.plan->goes_on()) {
    turn.leave();
    co_return co_await back_up_online(*std::move(checked.plan), own_tools);
  }
  co_return co_await back_up(*std::move(checked.plan), own_tools);
}

Task<BackupOutcome> check_and_back_up(const Run& run, OwnCaller& own, SharedCalls& shared,
                                      Turn& turn, SelectedServer server) {
  const auto& tools = run.tools;
  const InstanceId id = server.instance.id;
  auto begin = co_await turn.come_near();
  if (begin) {
    begin = may_begin(run.options, tools.interruption, tools.clock);
  }
  if (!begin) {
    co_return refusal(id, run.options, begin.error(), tools.clock.wall());
  }
  auto checked = co_await check_server(run, own.retrying, shared.pending, std::move(server));
  if (!checked.may_begin()) {
    co_return refusal(id, run.options, refusal_of(checked.findings), tools.clock.wall());
  }
  co_return co_await back_up_checked(tools, own, shared, turn, std::move(checked));
}

Task<void> back_up_into(const Run& run, SharedCalls& shared, PitLane& lane, LaneTicket ticket,
                        SelectedServer server, BackupOutcome& slot) {
  const auto& tools = run.tools;
  OwnCaller own(tools, shared.wire);
  const InstanceId id = server.instance.id;
  const auto name = server.instance.name().value_or("");
  Turn turn(lane, std::move(ticket));
  slot = co_await check_and_back_up(run, own, shared, turn, std::move(server));
  if (slot.outcome == Outcome::failed) {
    turn.failed();
  }
  turn.leave();
  slot.api_calls += own.counting.calls();
  auto ended = to_record(slot, name, run.id, tools.here.region);
  ended.policy = run.options.policy;
  co_await record(tools, std::move(ended));
  tell(tools, id, Step::finished, std::string(to_string(slot.outcome)));
}

/// All servers of a run, and what comes of them.
struct Fleet {
  std::vector<SelectedServer> servers;
  std::vector<LaneTicket> tickets;
  PitLane lane;
  std::vector<BackupOutcome> outcomes;
};

std::vector<std::size_t> places_of(const std::vector<SelectedServer>& servers, std::size_t site) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (servers[i].site == site) {
      places.push_back(i);
    }
  }
  return places;
}

std::vector<SelectedServer> at(const std::vector<SelectedServer>& servers,
                               const std::vector<std::size_t>& places) {
  std::vector<SelectedServer> some;
  for (const auto place : places) {
    some.push_back(servers[place]);
  }
  return some;
}

/// Those of the site with that number, which are moved out of the fleet: each is big, and they are
/// many.
Task<void> back_up_site(FleetSite site, std::size_t number, RunId run, Fleet& fleet) {
  const auto here = places_of(fleet.servers, number);
  auto asking = survey_servers(site.tools, at(fleet.servers, here), site.options);
  auto survey = co_await std::move(asking);
  const Run common{site.tools, std::move(survey), std::move(site.options), std::move(run)};
  SharedCalls shared(site.tools, here.size());
  std::vector<Task<void>> tasks;
  for (const auto i : here) {
    tasks.push_back(back_up_into(common, shared, fleet.lane, fleet.tickets[i],
                                 std::move(fleet.servers[i]), fleet.outcomes[i]));
  }
  co_await concurrently(std::move(tasks));
}

}  // namespace

Task<std::vector<Checked>> check_fleet(FleetTools tools, std::vector<SelectedServer> servers,
                                       BackupOptions options, RunId run) {
  auto survey = co_await survey_servers(tools, servers, options);
  Semaphore checks(most_near_at_once);
  SharedCalls shared(tools, servers.size());
  const Run common{tools, std::move(survey), std::move(options), std::move(run)};
  std::vector<Checked> all(servers.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    tasks.push_back(check_into(common, checks, shared.pending, servers[i], all[i]));
  }
  co_await concurrently(std::move(tasks));
  co_return all;
}

Task<std::vector<BackupOutcome>> back_up_fleet(std::vector<FleetSite> sites,
                                               std::vector<SelectedServer> servers, RunId run,
                                               FleetRules rules) {
  const auto count = servers.size();
  const auto tickets = tickets_for(servers, rules);
  Fleet fleet{.servers = std::move(servers),
              .tickets = tickets,
              .lane = PitLane(rules.for_lane(count), tickets),
              .outcomes = std::vector<BackupOutcome>(count)};
  std::vector<Task<void>> tasks;
  for (std::size_t number = 0; number < sites.size(); ++number) {
    tasks.push_back(back_up_site(sites[number], number, run, fleet));
  }
  co_await concurrently(std::move(tasks));
  for (const auto& site : sites) {
    site.tools.logbook.let_go(run);
  }
  co_return std::move(fleet.outcomes);
}

}  // namespace pitstop
