#include "backup/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "backup/before_check.hpp"
#include "backup/down_tag.hpp"
#include "backup/elsewhere.hpp"
#include "backup/online.hpp"
#include "backup/pending.hpp"
#include "backup/procedure.hpp"
#include "backup/recording.hpp"
#include "backup/server_tools.hpp"
#include "backup/surprises.hpp"
#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_pending = Seconds(15);

/// What the servers of a run have in common that are at one site, and of one part.
struct Run {
  FleetTools tools;
  const Survey& survey;
  BackupOptions options;
  RunId id;
  WallTime begun = {};
};

Finding broken_off(const Error& surprise, Severity severity) {
  return found(FindingCode::no_answer, "the check broke off: " + surprise.message, surprise.hint,
               severity);
}

/// A surprise refuses this server, and no other.
Task<Checked> check_server(const Run& run, ec2::Caller& caller, PendingSnapshots& pending,
                           SelectedServer server) {
  if (const auto holder = held_by_another(run.tools, run.id, server.instance)) {
    co_return Checked{.instance = server.instance,
                      .plan = {},
                      .findings = {found(FindingCode::held, holder->message, holder->hint)},
                      .pending_snapshots = {}};
  }
  const auto selected = as_selected(server.instance, run.begun);
  server = co_await settled(run.tools, caller, std::move(server));
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
  if (checked->plan) {
    checked->plan->selected = selected;
  }
  co_return *std::move(checked);
}

/// Pending snapshots may be those of another run, which has backed the server up meanwhile.
Task<std::optional<ElsewhereBackup>> look_elsewhere(ec2::Caller& caller, const Checked& checked) {
  if (!checked.plan || checked.pending_snapshots.empty()) {
    co_return std::nullopt;
  }
  std::vector<InstanceId> ids{checked.instance.id};
  const auto seen = co_await ec2::describe_instances(caller, std::move(ids), {});
  if (!seen || seen->empty() || down_tag_of(seen->front()) ||
      !may_be_done_elsewhere(*checked.plan, seen->front())) {
    co_return std::nullopt;
  }
  const auto found = co_await find_backup_elsewhere(caller, *checked.plan);
  co_return found.value_or(std::nullopt);
}

Task<void> check_into(const Run& run, Semaphore& checks, PendingSnapshots& pending,
                      SelectedServer server, Checked& slot) {
  OwnCaller own(run.tools);
  const auto permit = co_await checks.acquire();
  slot = co_await check_server(run, own.retrying, pending, std::move(server));
}

Task<Survey> survey_servers(FleetTools tools, std::vector<SelectedServer> servers,
                            SurveyKind kind) {
  OwnCaller own(tools);
  auto asking = take_survey(own.retrying, tools.others, std::move(servers), kind);
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
Task<void> record(FleetTools tools, BackupRecord ended, bool is_settled) {
  const InstanceId id = ended.instance;
  auto writing = is_settled ? tools.logbook.close(std::move(ended))
                            : tools.logbook.keep_open(std::move(ended));
  const auto added = co_await std::move(writing);
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
  if (auto elsewhere = co_await look_elsewhere(own.retrying, checked)) {
    auto outcome = refusal(id, run.options, {}, tools.clock.wall());
    outcome.outcome = Outcome::done_elsewhere;
    outcome.elsewhere = std::move(elsewhere);
    outcome.error.reset();
    co_return outcome;
  }
  if (!checked.may_begin()) {
    co_return refusal(id, run.options, refusal_of(checked.findings), tools.clock.wall());
  }
  co_return co_await back_up_checked(tools, own, shared, turn, std::move(checked));
}

Task<void> back_up_into(const Run& run, SharedCalls& shared, PitLane& lane, LaneTicket ticket,
                        SelectedServer server, BackupOutcome& slot, std::function<void()> is_over) {
  const auto& tools = run.tools;
  OwnCaller own(tools, shared.wire);
  const InstanceId id = server.instance.id;
  const auto name = server.instance.name().value_or("");
  Turn turn(lane, ticket);
  slot = co_await check_and_back_up(run, own, shared, turn, std::move(server));
  if (slot.outcome == Outcome::failed) {
    turn.failed();
  }
  turn.leave();
  slot.api_calls += own.counting.calls();
  auto ended = to_record(slot, name, run.id, tools.here.region);
  ended.policy = run.options.policy;
  co_await record(tools, std::move(ended), slot.left_behind.empty());
  tell(tools, id, Step::finished, std::string(to_string(slot.outcome)));
  is_over();
}

/// All servers of a run, and what comes of them.
struct Fleet {
  FleetWork work;
  PitLane& lane;
  std::vector<LaneTicket> tickets;
  WallTime begun;
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

/// What the servers of a site share, part by part.
class SiteRuns {
 public:
  SiteRuns(const Fleet& fleet, std::size_t site, std::vector<std::size_t> places)
      : fleet_(fleet), site_(site), places_(std::move(places)) {}

  Task<void> prepare() {
    for (const auto place : places_) {
      const auto part = fleet_.work.part_of[place];
      servers_[survey_kind_of(options_of(part))].push_back(fleet_.work.servers[place]);
      parts_.insert(part);
    }
    for (auto& [kind, servers] : servers_) {
      auto asking = survey_servers(any_tools(), std::move(servers), kind);
      surveys_.emplace(kind, co_await std::move(asking));
    }
    for (const auto part : parts_) {
      const auto& site = fleet_.work.parts[part].sites[site_];
      runs_.emplace(part, Run{site.tools, surveys_.at(survey_kind_of(site.options)), site.options,
                              fleet_.work.run, fleet_.begun});
    }
  }

  const Run& of(std::size_t part) const { return runs_.at(part); }
  FleetTools any_tools() const { return fleet_.work.parts.front().sites[site_].tools; }

 private:
  const BackupOptions& options_of(std::size_t part) const {
    return fleet_.work.parts[part].sites[site_].options;
  }

  const Fleet& fleet_;
  std::size_t site_;
  std::vector<std::size_t> places_;
  std::set<std::size_t> parts_;
  std::map<SurveyKind, std::vector<SelectedServer>> servers_;
  std::map<SurveyKind, Survey> surveys_;
  std::map<std::size_t, Run> runs_;
};

/// Those of the site with that number, which are moved out of the fleet: each is big, and they are
/// many.
Task<void> back_up_site(std::size_t site, Fleet& fleet) {
  const auto here = places_of(fleet.work.servers, site);
  if (here.empty()) {
    co_return;
  }
  SiteRuns runs(fleet, site, here);
  co_await runs.prepare();
  SharedCalls shared(runs.any_tools(), here.size());
  std::vector<Task<void>> tasks;
  for (const auto i : here) {
    auto is_over = [&fleet, i] {
      if (fleet.work.ended) {
        fleet.work.ended(i, fleet.outcomes[i]);
      }
    };
    tasks.push_back(back_up_into(runs.of(fleet.work.part_of[i]), shared, fleet.lane,
                                 fleet.tickets[i], std::move(fleet.work.servers[i]),
                                 fleet.outcomes[i], std::move(is_over)));
  }
  co_await concurrently(std::move(tasks));
}

FleetRuleSets rules_of(const FleetWork& work) {
  FleetRuleSets rules{.sets = work.rules, .of_servers = {}};
  for (const auto part : work.part_of) {
    rules.of_servers.push_back(work.parts[part].rules);
  }
  return rules;
}

}  // namespace

Task<std::vector<Checked>> check_fleet(FleetTools tools, std::vector<SelectedServer> servers,
                                       BackupOptions options, RunId run) {
  auto survey = co_await survey_servers(tools, servers, survey_kind_of(options));
  Semaphore checks(most_near_at_once);
  SharedCalls shared(tools, servers.size());
  const Run common{tools, survey, std::move(options), std::move(run)};
  std::vector<Checked> all(servers.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    tasks.push_back(check_into(common, checks, shared.pending, servers[i], all[i]));
  }
  co_await concurrently(std::move(tasks));
  co_return all;
}

std::size_t most_down_of(const FleetWork& work) {
  const auto rules = rules_of(work).for_lane();
  std::size_t most = 0;
  for (const auto& set : rules.sets) {
    most += std::min(set.max_down, work.servers.size());
  }
  return std::min(most, work.servers.size());
}

std::unique_ptr<PitLane> lane_for(const FleetWork& work) {
  const auto rules = rules_of(work);
  return std::make_unique<PitLane>(rules.for_lane(), tickets_for(work.servers, rules));
}

Task<std::vector<BackupOutcome>> back_up_parts(FleetWork work, PitLane& lane) {
  const auto count = work.servers.size();
  auto tickets = tickets_for(work.servers, rules_of(work));
  const auto begun = work.parts.front().sites.front().tools.clock.wall();
  Fleet fleet{.work = std::move(work),
              .lane = lane,
              .tickets = std::move(tickets),
              .begun = begun,
              .outcomes = std::vector<BackupOutcome>(count)};
  const auto& sites = fleet.work.parts.front().sites;
  std::vector<Task<void>> tasks;
  for (std::size_t site = 0; site < sites.size(); ++site) {
    tasks.push_back(back_up_site(site, fleet));
  }
  co_await concurrently(std::move(tasks));
  for (const auto& site : sites) {
    site.tools.logbook.let_go(fleet.work.run);
  }
  co_return std::move(fleet.outcomes);
}

Task<std::vector<BackupOutcome>> back_up_fleet(std::vector<FleetSite> sites,
                                               std::vector<SelectedServer> servers, RunId run,
                                               FleetRules rules) {
  FleetWork work{.parts = {{.sites = std::move(sites), .rules = {0}}},
                 .rules = {std::move(rules)},
                 .servers = std::move(servers),
                 .part_of = {},
                 .run = std::move(run)};
  work.part_of.resize(work.servers.size(), 0);
  const auto lane = lane_for(work);
  auto working = back_up_parts(std::move(work), *lane);
  co_return co_await std::move(working);
}

}  // namespace pitstop
