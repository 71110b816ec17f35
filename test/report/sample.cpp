#include "sample.hpp"

#include <fmt/format.h>

namespace pitstop::test {

ec2::Instance sample_instance(const InstanceId& id, const std::string& name) {
  ec2::Instance instance;
  instance.id = id;
  instance.state = ec2::InstanceState::running;
  instance.zone = "eu-central-1a";
  if (!name.empty()) {
    instance.tags.push_back({"Name", name});
  }
  return instance;
}

std::vector<ec2::Instance> sample_servers() {
  return {sample_instance(web, "web-1"), sample_instance(database, "数据库-2"),
          sample_instance(nameless)};
}

SnapshotOutcome sample_snapshot(char digit, const std::string& device,
                                std::optional<ec2::SnapshotState> state,
                                std::optional<int> progress) {
  SnapshotOutcome taken;
  taken.snapshot.id = SnapshotId("snap-0" + std::string(16, digit));
  taken.snapshot.volume = VolumeId("vol-0" + std::string(16, digit));
  taken.snapshot.state = state;
  taken.snapshot.progress = progress;
  taken.snapshot.size = ec2::Gibibytes(digit == 'a' ? 8 : 16384);
  taken.device = device;
  return taken;
}

BackupOutcome good_backup() {
  BackupOutcome backup;
  backup.backup = BackupId("b-0123456789ab");
  backup.instance = web;
  backup.outcome = Outcome::completed;
  backup.consistency = Consistency::at_rest;
  backup.gate = GateOpening::progress;
  backup.downtime = Milliseconds(41'000);
  backup.phases = {.stop = Milliseconds(20'125),
                   .snapshot = Milliseconds(1'250),
                   .gate = Milliseconds(9'000),
                   .start = Milliseconds(10'625)};
  backup.snapshots = {
      sample_snapshot('a', "/dev/sda1", ec2::SnapshotState::completed, 100),
      sample_snapshot('b', "/dev/nvme1n1", ec2::SnapshotState::completed, std::nullopt)};
  backup.api_calls = 27;
  return backup;
}

BackupOutcome refused_backup() {
  BackupOutcome backup;
  backup.instance = database;
  backup.outcome = Outcome::refused;
  backup.error = Error{ErrorKind::refused,
                       database.str() + " is being stopped by someone else",
                       "try again when it is stopped; it will then be left stopped",
                       {}};
  backup.api_calls = 3;
  return backup;
}

BackupOutcome left_down_backup() {
  BackupOutcome backup;
  backup.backup = BackupId("b-00000000002a");
  backup.instance = nameless;
  backup.outcome = Outcome::failed;
  backup.consistency = Consistency::at_rest;
  backup.left_down = true;
  backup.phases.stop = Seconds(20);
  backup.snapshots = {sample_snapshot('a', "/dev/sda1", ec2::SnapshotState::error, 7)};
  backup.error =
      Error{ErrorKind::refused, "snap-0aaaaaaaaaaaaaaaa of vol-0aaaaaaaaaaaaaaaa is in state error",
            "this backup is not complete: take another one", "Client.InvalidKMSKey"};
  return backup;
}

std::vector<ListedServer> sample_list() {
  const auto volume = [](char digit, std::int64_t size) {
    ec2::Volume made;
    made.id = VolumeId("vol-0" + std::string(16, digit));
    made.size = ec2::Gibibytes(size);
    return made;
  };
  return {{.instance = sample_instance(web, "web-1"),
           .volumes = {volume('a', 8), volume('b', 16384)},
           .site = "eu-central-1"},
          {.instance = sample_instance(database, "数据库-2"),
           .volumes = {volume('c', 150)},
           .site = "eu-west-1 of shop (111122223333)"}};
}

BackupPlan sample_plan() {
  BackupPlan plan{.run = RunId("r-1"),
                  .backup = BackupId("b-1"),
                  .instance = sample_instance(web, "web-1"),
                  .options = {}};
  plan.instance.volumes = {{"/dev/sda1", VolumeId("vol-0aaaaaaaaaaaaaaaa"), true},
                           {"/dev/nvme1n1", VolumeId("vol-0bbbbbbbbbbbbbbbb"), false},
                           {"/dev/sdz", VolumeId("vol-0cccc"), false}};
  ec2::Volume root;
  root.id = plan.instance.volumes[0].volume;
  root.size = ec2::Gibibytes(8);
  root.type = "gp3";
  ec2::Volume data;
  data.id = plan.instance.volumes[1].volume;
  data.size = ec2::Gibibytes(16384);
  data.type = "io2";
  plan.volumes = {root, data};
  plan.excluded = {plan.instance.volumes[2]};
  plan.options.set_tags = {{"kept-for", "90d"}};
  return plan;
}

Checked sample_check() {
  auto accepted = found(FindingCode::spot, web.str() + " is a Spot Instance", "accept it");
  accepted.severity = Severity::warn;
  accepted.accepted = true;
  return {.instance = sample_plan().instance,
          .plan = sample_plan(),
          .findings = {accepted,
                       found(FindingCode::public_address,
                             web.str() + ": its public address 192.0.2.1 changes with the stop",
                             "it is not an Elastic IP"),
                       found(FindingCode::unproven, web.str() + ": this cannot be tried")},
          .pending_snapshots = {},
          .past_downtime = PastDowntime{Seconds(760), Seconds(905)}};
}

Checked refused_check() {
  auto checked = sample_check();
  checked.findings.insert(
      checked.findings.begin(),
      found(FindingCode::stop_protection, web.str() + " has stop protection", "take it away"));
  return checked;
}

Event sample_event(const InstanceId& instance, Step step, std::string detail, std::string hint,
                   int second) {
  constexpr auto date = std::chrono::year(2026) / std::chrono::November / 23;
  const WallTime begun = std::chrono::sys_days(date) + std::chrono::minutes(16) + Milliseconds(250);
  return {instance, step, begun + Seconds(second), std::move(detail), std::move(hint)};
}

RunSummary sample_summary(std::vector<BackupOutcome> backups, int exit_status) {
  RunSummary summary;
  summary.run = RunId("r-0123456789ab");
  summary.exit_status = exit_status;
  summary.backups = std::move(backups);
  summary.api_calls = 57;
  summary.took = std::chrono::minutes(12) + Milliseconds(40'250);
  return summary;
}

}  // namespace pitstop::test
