#include "prune_bench.hpp"

#include <gmock/gmock.h>

#include "backup/snapshot_description.hpp"
#include "restore/restore_plan.hpp"
#include "sim/cloud/images.hpp"

namespace pitstop::test {

using testing::HasSubstr;

sim::Scenario servers_to_prune(const std::vector<std::string>& names, std::uint64_t seed) {
  sim::Scenario scenario;
  scenario.seed = seed;
  for (const auto& name : names) {
    sim::ServerPlan server;
    server.name = name;
    server.region = "us-east-1";
    server.tags = {{"Name", name}};
    server.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
    server.volumes.back().device = "/dev/sdf";
    scenario.servers.push_back(server);
  }
  return scenario;
}

InstanceId PruneCommand::server(const std::string& name) {
  for (const auto& [id, instance] : region().instances) {
    if (instance.tags.at("Name") == name) {
      return id;
    }
  }
  return InstanceId();
}

void PruneCommand::back_up(const std::string& name, std::vector<std::string> more) {
  pass(std::chrono::days(1));
  more.insert(more.begin(), {"backup", server(name).str()});
  const auto result = bench.run(more);
  EXPECT_EQ(result.status, 0) << result.diagnostics;
}

void PruneCommand::back_up_daily(const std::string& name, int times) {
  for (int i = 0; i < times; ++i) {
    back_up(name);
  }
}

CommandResult PruneCommand::prune(std::vector<std::string> arguments, int status) {
  arguments.insert(arguments.begin(), "prune");
  auto result = bench.run(arguments);
  EXPECT_EQ(result.status, status) << result.output << result.diagnostics;
  return result;
}

CommandResult PruneCommand::delete_all_but(int newest, int status) {
  return prune({"--keep-last", std::to_string(newest), "--delete", "--yes"}, status);
}

void PruneCommand::expect_error(const std::vector<std::string>& arguments, int status,
                                const std::string& message, const std::string& hint) {
  const auto result = prune(arguments, status);
  EXPECT_THAT(result.diagnostics, HasSubstr("error: " + message));
  EXPECT_THAT(result.diagnostics, HasSubstr("HINT: " + hint));
}

std::vector<sim::Snapshot*> PruneCommand::present_snapshots() {
  std::vector<sim::Snapshot*> present;
  for (auto& [id, snapshot] : region().snapshots) {
    if (!snapshot.deleted) {
      present.push_back(&snapshot);
    }
  }
  std::ranges::sort(present, {}, &sim::Snapshot::created);
  return present;
}

std::size_t PruneCommand::left_of_set(const sim::Snapshot& snapshot) {
  return static_cast<std::size_t>(std::ranges::count_if(snapshot.set, [&](const auto& id) {
    return !region().snapshots.at(id).deleted.has_value();
  }));
}

ImageId PruneCommand::image_on(const sim::Snapshot& snapshot, sim::Tags tags) {
  sim::MappedVolume mapped;
  mapped.device = "/dev/xvda";
  mapped.snapshot = snapshot.id;
  sim::Image image;
  image.name = "image on " + snapshot.id.str();
  image.tags = std::move(tags);
  image.volumes.push_back(std::move(mapped));
  return sim::register_image(region(), std::move(image)).value();
}

ImageId PruneCommand::image_of_restore_on(const sim::Snapshot& snapshot) {
  const BackupId backup(snapshot.tags.at("pitstop:backup"));
  const InstanceId instance(snapshot.tags.at("pitstop:instance"));
  const auto id =
      image_on(snapshot, {{restored_from_tag_key, backup.str()}, {restore_tag_key, "rs-1"}});
  auto& image = region().images.at(id);
  image.name = restore_image_name(RestoreId("rs-1"), backup);
  image.description = restore_image_description(backup, instance);
  return id;
}

void PruneCommand::describe_as_made(sim::Snapshot& snapshot) {
  ec2::Tags tags;
  for (const auto& [key, value] : snapshot.tags) {
    tags.push_back({key, value});
  }
  snapshot.description = describe_backup(BackupId(snapshot.tags.at("pitstop:backup")),
                                         InstanceId(snapshot.tags.at("pitstop:instance")), tags);
}

void PruneCommand::make_a_lost_prime(sim::Snapshot& snapshot) {
  snapshot.tags.erase("pitstop:backup");
  snapshot.tags["pitstop:prime"] = "remove";
  snapshot.description = describe_pre_snapshot(RunId(snapshot.tags.at("pitstop:run")),
                                               InstanceId(snapshot.tags.at("pitstop:instance")),
                                               BackupId("b-before"), {});
}

}  // namespace pitstop::test
