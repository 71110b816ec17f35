#include "simulation/false_refusals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/changing_actions.hpp"

namespace pitstop::test {
namespace {

constexpr auto unknown_code = "NobodyKnowsThisCode";

Crash restore_in_place() {
  return {.options = {.wait = false, .swap = Swap{}}};
}

/// Whatever its outcome is, a server that ran runs.
void check_that_it_runs(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [id, instance] : world.region().instances) {
    const bool ran = instance.history.front().state == sim::InstanceState::running;
    if (ran && instance.state() != sim::InstanceState::running) {
      broken.push_back(
          fmt::format("{}: left {} by the run itself", id.str(), sim::to_string(instance.state())));
    }
  }
}

/// These are looked for, and what they made is used.
void check_that_it_counts(const BackupOutcome& outcome, const std::string& action,
                          std::vector<std::string>& broken) {
  constexpr std::array used = std::to_array<std::string_view>(
      {"CreateSnapshots", "CreateSnapshot", "CreateImage", "CreateVolume", "AttachVolume",
       "DetachVolume", "StartInstances"});
  if (std::ranges::find(used, action) != used.end() && outcome.error) {
    broken.push_back("failed, and what was refused was carried out: " + outcome.error->message);
  }
  const bool is_removal = action == "CancelCapacityReservation" || action == "DeleteSchedule";
  if (is_removal && !outcome.left_behind.empty()) {
    broken.push_back("says that something is left that is gone: " + outcome.left_behind.front());
  }
}

/// Nothing ends well that has left something; what says that it has, by its status, may.
void check_claim(SimulatedWorld& world, const Crash& run, const BackupOutcome& outcome,
                 std::vector<std::string>& broken) {
  if (outcome.error || outcome.left_down || !outcome.left_behind.empty()) {
    return;
  }
  for (const auto& left : left_after(world, run)) {
    broken.push_back("called good, and has left something: " + left);
  }
}

}  // namespace

std::vector<RunKind> runs_of_every_kind() {
  const BackupOptions guarded{.reserve_capacity = true,
                              .guard_role = "arn:aws:iam::123456789012:role/pitstop-guard",
                              .wait = false};
  std::vector<RunKind> kinds{
      {"Plain", {.options = {.wait = false}}},
      {"GuardedAndReserved", {.options = guarded}},
      {"FoundStopped", {.options = {.wait = false}, .found_stopped = true}},
      {"Image", {.options = {.method = Method::image}}},
      {"Primed", {.options = {.prime = true}}},
      {"OutOfRotation",
       {.options = {.standby = true, .drain = true, .wait = false}, .in_rotation = true}},
      {"DetachedVolume", {.options = {.wait = false}, .has_detached_volume = true}},
      {"InPlace", restore_in_place()},
      {"Frozen", {.options = {.approach = Approach::frozen}}},
  };
  auto dropping = restore_in_place();
  dropping.options.swap->drops_old = true;
  kinds.push_back({"InPlaceAndDropped", dropping});
  auto rollback = restore_in_place();
  rollback.rolls_back = true;
  kinds.push_back({"Rollback", rollback});
  auto fast = restore_in_place();
  fast.options.swap->fast_restore.emplace();
  kinds.push_back({"InPlaceAndFast", fast});
  return kinds;
}

TwoSets live_through_two_sets(std::uint64_t seed) {
  auto scenario = one_quick_server();
  scenario.seed = seed;
  scenario.consistency = {.late_looks = 1, .most = Seconds(50)};
  // The request that is carried out a second time comes when EC2 lets it: 15 s after the first one.
  scenario.faults.scripted = {
      {.action = "CreateSnapshots", .kind = sim::FaultKind::internal_error},
      {.action = "CreateSnapshots", .nth = 2, .times = 3, .kind = sim::FaultKind::throttled}};
  SimulatedWorld world(scenario);
  const auto outcome = world.back_up()->front();
  TwoSets sets{.broken = left_after_recovery(world),
               .made_two = world.region().snapshots.size() == 4};
  if (outcome.outcome != Outcome::completed) {
    sets.broken.push_back("failed: " + (outcome.error ? outcome.error->message : ""));
  }
  return sets;
}

std::map<std::string, int> changing_calls_of(const Crash& run) {
  SimulatedWorld world(scenario_of(run));
  back_up(world, run);
  std::map<std::string, int> calls;
  for (const auto& changing : changing_actions) {
    const std::string action(changing.action);
    if (const int times = world.simulator.calls(action); times > 0) {
      calls[action] = times;
    }
  }
  return calls;
}

std::vector<std::string> broken_by(const Crash& run, const sim::ScriptedFault& refusal) {
  auto scenario = scenario_of(run);
  scenario.faults.scripted = {refusal};
  SimulatedWorld world(scenario);
  std::vector<std::string> broken;
  const auto outcomes = back_up(world, run);
  for (const auto& unused : world.faults.unused()) {
    broken.push_back("nothing was refused: " + unused);
  }
  check_that_it_runs(world, broken);
  check_that_it_counts(outcomes->front(), refusal.action, broken);
  check_claim(world, run, outcomes->front(), broken);
  world.recover();
  world.wait(std::chrono::minutes(5));
  for (const auto& left : left_after(world, run)) {
    broken.push_back("left after a recovery: " + left);
  }
  for (auto& each : broken) {
    each = fmt::format("{} number {} refused with {} {}: {}", refusal.action, refusal.nth,
                       refusal.status, refusal.code, each);
  }
  return broken;
}

std::vector<std::string> broken_by_any_refusal(const RunKind& kind) {
  std::vector<std::string> broken;
  for (const auto& [action, times] : changing_calls_of(kind.run)) {
    for (int nth = 1; nth <= times; ++nth) {
      std::ranges::move(broken_by(kind.run, {.action = action,
                                             .nth = nth,
                                             .kind = sim::FaultKind::false_refusal,
                                             .code = unknown_code}),
                        std::back_inserter(broken));
    }
  }
  return broken;
}

}  // namespace pitstop::test
