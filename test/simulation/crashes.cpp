#include "simulation/crashes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "backup/down_tag.hpp"
#include "backup/priming.hpp"
#include "backup/rotation.hpp"
#include "base/contains.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/volumes.hpp"
#include "simulation/promises.hpp"

namespace pitstop::test {
namespace {

std::set<SnapshotId> recorded_snapshots(const SimulatedWorld& world) {
  std::set<SnapshotId> recorded;
  const auto records = world.journal.backups();
  for (const auto& record : records.value()) {
    for (const auto& snapshot : record.snapshots) {
      recorded.insert(snapshot.id);
    }
  }
  return recorded;
}

void check_servers(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [id, instance] : world.region().instances) {
    const bool found_stopped = instance.history.front().state == sim::InstanceState::stopped;
    if (found_stopped && instance.history.size() > 1) {
      broken.push_back(id.str() + ": was found stopped, and not left alone");
    }
    if (!found_stopped && instance.state() != sim::InstanceState::running) {
      broken.push_back(fmt::format("{}: left {}", id.str(), sim::to_string(instance.state())));
    }
    for (const auto* key : {down_tag_key, rotation_tag_key}) {
      if (instance.tags.contains(key)) {
        broken.push_back(fmt::format("{}: still has its tag {}", id.str(), key));
      }
    }
  }
}

/// Who was in service is so again, and nobody has been replaced, or stopped with requests to
/// answer.
void check_rotation(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [name, group] : world.simulator.auto_scaling().groups()) {
    for (const auto& member : group.members) {
      if (member.lifecycle != sim::Lifecycle::in_service) {
        broken.push_back(fmt::format("{}: left {} in {}", member.instance.str(),
                                     sim::to_string(member.lifecycle), name));
      }
    }
  }
  const auto& balancing = world.simulator.load_balancing();
  std::map<std::string, std::size_t> registered;
  for (const auto& [name, group] : balancing.groups()) {
    registered[name] = static_cast<std::size_t>(std::ranges::count_if(
        group.registrations,
        [](const sim::Registration& registration) { return !registration.deregistered; }));
  }
  for (const auto& plan : world.simulator.scenario().target_groups) {
    if (registered[plan.name] < plan.members.size()) {
      broken.push_back(plan.name + ": a target is not registered again");
    }
  }
  for (const auto& replacement : world.simulator.auto_scaling().replacements()) {
    broken.push_back(replacement.instance.str() + ": was replaced");
  }
  for (const auto& cut : balancing.cut_targets()) {
    broken.push_back(fmt::format("{}: was stopped {} in {}", cut.target.id, cut.state, cut.group));
  }
}

/// Where the journal is lost with its host, EC2's tags are what tells of them.
void check_snapshots(SimulatedWorld& world, std::vector<std::string>& broken) {
  const auto recorded = recorded_snapshots(world);
  std::map<std::pair<std::string, VolumeId>, int> sets;
  for (const auto& [id, snapshot] : world.region().snapshots) {
    const auto run = snapshot.tags.find("pitstop:run");
    if (run == snapshot.tags.end() || snapshot.tags.contains(prime_tag_key) || snapshot.deleted) {
      continue;  // what there was before, and what has a check of its own
    }
    if (++sets[{run->second, snapshot.volume}] > 1) {
      broken.push_back(
          fmt::format("{}: a second one of {} by one run", id.str(), snapshot.volume.str()));
    }
    if (!world.host_is_lost && !recorded.contains(id)) {
      broken.push_back(id.str() + ": nobody knows of it");
    }
  }
}

/// A set that primes is gone with a complete backup. Where that is not complete a set that is has
/// become a backup; and a host that is lost while it primes leaves what only prune finds.
void check_primes(SimulatedWorld& world, std::vector<std::string>& broken) {
  std::set<std::pair<std::string, std::string>> complete;
  const auto records = world.journal.backups();
  for (const auto& record : records.value()) {
    if (record.outcome == to_string(Outcome::completed)) {
      complete.emplace(record.run.str(), record.instance.str());
    }
  }
  std::map<VolumeId, int> of_volumes;
  for (const auto& [id, snapshot] : world.region().snapshots) {
    if (!snapshot.tags.contains(prime_tag_key)) {
      continue;
    }
    if (++of_volumes[snapshot.volume] > 1) {
      broken.push_back(id.str() + ": a second one that primes");
    }
    const std::pair backup(snapshot.tags.at("pitstop:run"), snapshot.tags.at("pitstop:instance"));
    if (!snapshot.deleted && complete.contains(backup)) {
      broken.push_back(id.str() + ": has primed a backup, and is still there");
    }
    const bool is_to_go = snapshot.tags.at(prime_tag_key) == prime_to_remove;
    if (!snapshot.deleted && is_to_go && !world.host_is_lost) {
      broken.push_back(id.str() + ": primes, and nobody removes it");
    }
  }
}

/// One of a run, and in its record.
void check_images(SimulatedWorld& world, std::vector<std::string>& broken) {
  std::set<ImageId> recorded;
  const auto records = world.journal.backups();
  for (const auto& record : records.value()) {
    recorded.insert(record.image);
  }
  std::map<std::string, int> of_backups;
  for (const auto& [id, image] : world.region().images) {
    if (++of_backups[image.tags.at("pitstop:backup")] > 1) {
      broken.push_back(id.str() + ": a second image by one backup");
    }
    if (!world.host_is_lost && !recorded.contains(id)) {
      broken.push_back(id.str() + ": nobody knows of the image");
    }
  }
}

void check_what_lies_about(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [id, reservation] : world.region().reservations) {
    if (reservation.state == "active" || reservation.state == "pending") {
      broken.push_back(id + ": the reservation is still there");
    }
  }
  for (const auto& [name, schedule] : world.simulator.schedules()) {
    broken.push_back(name + ": the guard is still there");
  }
  const auto open = world.journal.open_backups();
  for (const auto& backup : open.value()) {
    broken.push_back(backup.instance.str() + ": its backup is still open in the journal");
  }
}

/// Whether it has nothing but old volumes, or nothing but new ones, and all of them.
bool is_of_one_piece(SimulatedWorld& world, const sim::Instance& instance) {
  std::set<std::string> devices;
  std::set<bool> made;
  for (const auto& attachment : instance.attachments) {
    devices.insert(attachment.device);
    made.insert(!world.region().volumes.at(attachment.volume).made_from.empty());
  }
  return devices == std::set<std::string>{"/dev/sdf", "/dev/xvda"} && made.size() == 1;
}

/// The guard, or a person, before anybody recovers it.
void somebody_starts_it(SimulatedWorld& world, std::vector<std::string>& broken) {
  const auto& instance = world.region().instances.begin()->second;
  const bool was_stopped = instance.state() == sim::InstanceState::stopped;
  const bool started = sim::start_instances(world.region(), {instance.id}).has_value();
  if (was_stopped && started && !is_of_one_piece(world, instance)) {
    broken.push_back(instance.id.str() + ": could be started when it was half exchanged");
  }
}

/// All old ones, or all new ones; and nothing of an exchange is left lying about.
void check_swap(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [id, instance] : world.region().instances) {
    if (!is_of_one_piece(world, instance)) {
      broken.push_back(fmt::format("{}: has {} volumes, neither the old nor the new ones", id.str(),
                                   instance.attachments.size()));
    }
  }
  for (const auto& [id, volume] : world.region().volumes) {
    const bool is_kept = volume.tags.contains(replaced_by_tag_key);
    if (volume.tags.contains(swapped_in_tag_key) && !volume.deleted) {
      broken.push_back(id.str() + ": still has its tag of an exchange");
    }
    if (!volume.deleted && volume.attached_to.empty() && !is_kept) {
      broken.push_back(id.str() + ": is left over");
    }
    if (!volume.attached_to.empty() && is_kept) {
      broken.push_back(id.str() + ": is in use, and said to be replaced");
    }
  }
}

}  // namespace

sim::Scenario scenario_of(const Crash& crash) {
  auto scenario = one_quick_server();
  scenario.servers.front().stopped = crash.found_stopped;
  if (crash.in_rotation) {
    add_rotation(scenario);
  }
  return scenario;
}

sim::Scenario one_quick_server() {
  sim::Scenario scenario;
  sim::ServerPlan server;
  server.name = "web-1";
  server.pace.shutdown = server.pace.release = server.pace.boot = sim::always(Seconds(1));
  server.volumes = {{.device = "/dev/xvda", .used_gib = 0.1},
                    {.device = "/dev/sdf", .used_gib = 0.1}};
  for (auto& volume : server.volumes) {
    volume.snapshot_pace.lag = volume.snapshot_pace.silence = sim::always(Seconds(1));
  }
  scenario.servers = {server};
  return scenario;
}

void add_rotation(sim::Scenario& scenario) {
  const auto& server = scenario.servers.front().name;
  const auto quickly = sim::always(Seconds(2));
  sim::TargetGroupPlan web;
  web.name = "web";
  web.deregistration_delay = Seconds(12);
  web.healthy_after = quickly;
  sim::TargetGroupPlan api = web;
  api.name = "api";
  api.deregistration_delay = Seconds(25);  // longer than it takes to be in Standby
  api.members = {server + ":8080"};
  scenario.target_groups = {web, api};
  sim::ScalingGroupPlan farm;
  farm.name = "farm";
  farm.members = {server};
  farm.target_groups = {"web"};
  farm.pace = {.health_check = sim::always(Seconds(15)), .standby = quickly, .in_service = quickly};
  scenario.scaling_groups = {farm};
}

VolumeId detached_volume(SimulatedWorld& world) {
  sim::PlannedVolume plan;
  plan.tags = {{"disk", "archive"}};
  const auto& attached = world.region().volumes.begin()->second;
  return *sim::create_volume(world.region(), plan, attached.zone, "spare");
}

Swap swap_to_the_past(SimulatedWorld& world) {
  auto& region = world.region();
  const auto& server = region.instances.begin()->second;
  Swap swap{.restore = RestoreId("rs-0123456789ab")};
  std::vector<VolumeId> volumes;
  for (const auto& attachment : server.attachments) {
    volumes.push_back(attachment.volume);
  }
  const sim::SnapshotSpecification specification{
      "a moment ago", {{"pitstop:consistency", "crash"}, {"pitstop:backup", "b-past"}}};
  const auto set =
      sim::create_snapshots(region, volumes, std::vector(volumes.size(), specification));
  world.wait(std::chrono::minutes(5));
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const auto& attachment = server.attachments[i];
    ec2::VolumeRequest request{
        .zone = server.settings.zone,
        .from = (*set)[i],
        .type = "gp3",
        .iops = {},
        .throughput = {},
        .initialization_rate = {},
        .tags = {{"pitstop:restored-from", "b-past"}, {"pitstop:restore", swap.restore.str()}},
        .client_token = "rs-" + (*set)[i].str()};
    swap.volumes.push_back({.device = attachment.device,
                            .out = attachment.volume,
                            .in = {},
                            .request = request,
                            .delete_on_termination = attachment.delete_on_termination,
                            .out_deletes_on_termination = attachment.delete_on_termination});
  }
  return swap;
}

Swap swap_back(SimulatedWorld& world) {
  auto swap = swap_to_the_past(world);
  const auto& server = world.region().instances.begin()->first;
  for (auto& volume : swap.volumes) {
    sim::PlannedVolume plan;
    plan.snapshot = volume.request->from;
    SwappedVolume replaced{.device = volume.device, .out = {}, .in = {}};
    for (const auto& tag : replaced_tags(RestoreId("rs-00000000000a"), server, replaced)) {
      plan.tags[tag.key] = tag.value;
      volume.stale_tags.push_back(tag);
    }
    volume.in = *sim::create_volume(world.region(), plan, volume.request->zone, "");
    volume.request.reset();
  }
  return swap;
}

void restore_fast(Swap& swap) {
  FastRestorePlan fast{.restore = swap.restore, .zone = {}, .sources = {}};
  for (const auto& volume : swap.volumes) {
    fast.zone = volume.request->zone;
    fast.sources.push_back({volume.request->from, ec2::Gibibytes(8)});
  }
  swap.fast_restore = std::move(fast);
}

std::vector<std::string> left_of_fast_restore(SimulatedWorld& world) {
  std::vector<std::string> left;
  for (const auto& [key, fast] : world.region().fast_restores) {
    if (fast.is_on(world.region().now())) {
      left.push_back(key + ": is still restored fast");
    }
  }
  for (const auto& [id, snapshot] : world.region().snapshots) {
    if (snapshot.tags.contains(fast_restore_tag_key)) {
      left.push_back(id.str() + ": still has the tag of a fast restore");
    }
  }
  return left;
}

std::vector<std::string> left_after_recovery(SimulatedWorld& world) {
  std::vector<std::string> broken;
  check_servers(world, broken);
  check_rotation(world, broken);
  check_snapshots(world, broken);
  check_primes(world, broken);
  check_images(world, broken);
  check_what_lies_about(world, broken);
  const auto false_claims = broken_promises_of_snapshots(world);
  broken.insert(broken.end(), false_claims.begin(), false_claims.end());
  return broken;
}

std::optional<std::vector<BackupOutcome>> back_up(SimulatedWorld& world, const Crash& crash) {
  auto options = crash.options;
  if (crash.has_detached_volume) {
    options.detached_volumes = {detached_volume(world)};
  }
  if (options.swap) {
    const bool safety = options.swap->safety_backup;
    options.swap = crash.rolls_back ? swap_back(world) : swap_to_the_past(world);
    options.swap->safety_backup = safety;
    options.swap->drops_old = crash.options.swap->drops_old;
    if (crash.options.swap->fast_restore) {
      restore_fast(*options.swap);
    }
  }
  return world.back_up(options);
}

namespace {

/// Each step is in the journal before EC2 hears of it: what there is when the process is killed,
/// its entry says.
void check_that_the_journal_knew(SimulatedWorld& world, const Crash& crash,
                                 std::vector<std::string>& broken) {
  const auto open = world.journal.open_backups();
  const auto& [id, instance] = *world.region().instances.begin();
  const auto entry = std::ranges::find(open.value(), id, &OpenBackup::instance);
  const auto check = [&](bool is_there, Mark mark, std::string_view what) {
    if (is_there && (entry == open->end() || entry->find(mark) == nullptr)) {
      broken.push_back(fmt::format("{}: {}, and the journal did not know", id.str(), what));
    }
  };
  const auto state = instance.state();
  const bool is_at_rest =
      state == sim::InstanceState::stopping || state == sim::InstanceState::stopped;
  check(instance.tags.contains(down_tag_key), Mark::tag, "it was tagged");
  check(is_at_rest && !crash.found_stopped, Mark::stop, "it was stopped");
  check(!world.simulator.schedules().empty(), Mark::guard, "its guard was made");
  check(std::ranges::any_of(world.region().reservations,
                            [](const auto& each) { return each.second.state == "active"; }),
        Mark::reserve, "its place was reserved");
}

/// Where nothing but tags tells of it. What another host does by these alone is to start servers;
/// what it leaves, it names.
void a_person_does_the_rest(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [id, instance] : world.region().instances) {
    if (!instance.tags.contains(down_tag_key)) {
      continue;
    }
    const auto tag = parse_down_tag(instance.tags.at(down_tag_key));
    const bool is_told = contains(world.left_alone, id) ||
                         (!world.recovered.empty() && !world.recovered.front().left_behind.empty());
    if (!is_told) {
      broken.push_back(id.str() + ": is left, and nobody says so");
    }
    if (instance.state() != sim::InstanceState::running && !contains(world.left_down, id) &&
        !tag->found_stopped) {
      broken.push_back(id.str() + ": is down, and nobody says so");
    }
    const RecoveryOptions named = tag->swap
                                      ? RecoveryOptions{.restore = tag->swap, .take_over = true}
                                      : RecoveryOptions{.only = {id}, .take_over = true};
    world.recover(named);
  }
}

}  // namespace

std::vector<std::string> left_after(SimulatedWorld& world, const Crash& crash) {
  auto left = left_after_recovery(world);
  if (crash.options.swap) {
    check_swap(world, left);
    std::ranges::move(left_of_fast_restore(world), std::back_inserter(left));
  }
  return left;
}

int moments_of(const Crash& crash) {
  SimulatedWorld world(scenario_of(crash));
  back_up(world, crash);
  return world.moments;
}

AfterCrash live_through(const Crash& crash) {
  SimulatedWorld world(scenario_of(crash));
  AfterCrash after;
  world.killing = crash.of_backup;
  if (back_up(world, crash)) {
    after.broken.emplace_back("the backup was not killed");
  }
  check_that_the_journal_knew(world, crash, after.broken);
  if (crash.options.swap && !crash.found_stopped) {
    somebody_starts_it(world, after.broken);
  }
  if (crash.host_is_lost) {
    world.lose_the_host();
  }
  const RecoveryOptions options{.take_over = crash.host_is_lost};
  world.killing = crash.of_recovery;
  const bool killed = !world.recover(options);
  after.moments = world.moments;
  if (killed) {
    world.killing = {};
    world.recover(options);
  }
  if (crash.host_is_lost) {
    a_person_does_the_rest(world, after.broken);
  }
  // A request that was on its way when its sender was killed has arrived by then.
  world.wait(std::chrono::minutes(5));
  const auto left = left_after(world, crash);
  after.broken.insert(after.broken.end(), left.begin(), left.end());
  return after;
}

}  // namespace pitstop::test
