// CreateSnapshots: all volumes of a server at one moment.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

using ec2::SnapshotState;

std::set<VolumeId> volumes_of(const std::vector<ec2::Snapshot>& snapshots) {
  std::set<VolumeId> volumes;
  for (const auto& snapshot : snapshots) {
    volumes.insert(snapshot.volume);
  }
  return volumes;
}

std::set<VolumeId> volumes_of(const ec2::Instance& server) {
  std::set<VolumeId> volumes;
  for (const auto& each : server.volumes) {
    volumes.insert(each.volume);
  }
  return volumes;
}

CONTRACT(SnapshotsAllVolumesAtOnce) {
  const auto server = co_await launch_with_data(subject, 2);
  co_await stop(subject, server.id);
  const auto request = all_volumes_of(server.id, {{"backup", "b-1"}, {"Name", "web-1"}});
  const auto set = needed("CreateSnapshots", co_await create(subject, request));
  subject.expect("there is one snapshot for each volume",
                 set.size() == 3 && volumes_of(set) == volumes_of(server),
                 fmt::format("{} snapshots", set.size()));
  for (const auto& snapshot : set) {
    subject.expect("a new snapshot is pending", snapshot.state == SnapshotState::pending,
                   snapshot.state ? std::string(to_string(*snapshot.state)) : "no state");
    subject.expect("a new snapshot is not complete", snapshot.progress.value_or(0) < 100,
                   fmt::format("{} %", snapshot.progress.value_or(0)));
    subject.expect("the snapshots of a set are of one moment",
                   snapshot.started && snapshot.started == set.front().started,
                   snapshot.started ? rfc3339(*snapshot.started) : "no time");
    subject.expect("a new snapshot has its tags in the answer",
                   told(snapshot.tags) == "Name=web-1, backup=b-1", told(snapshot.tags));
    const auto volume = co_await look_at(subject, snapshot.volume);
    subject.expect("a snapshot has the size of its volume", snapshot.size == volume.size,
                   fmt::format("{} GiB", static_cast<int>(snapshot.size)));
    const auto shown = co_await look_at(subject, snapshot.id);
    subject.expect("a snapshot is shown with its tags at once",
                   told(shown.tags) == "Name=web-1, backup=b-1", told(shown.tags));
  }
}

CONTRACT(SnapshotsRunningServers) {
  const auto server = co_await launch(subject);
  const auto set = co_await snapshots_of(subject, server.id);
  subject.expect("a running server has its snapshots made, too", set.size() == 1,
                 fmt::format("{} snapshots", set.size()));
  const auto after = co_await look_at(subject, server.id);
  subject.expect("snapshots leave a server running", after.state == ec2::InstanceState::running,
                 std::string(to_string(after.state)));
}

CONTRACT(LeavesOutTheBootVolume) {
  const auto server = co_await launch_with_data(subject, 1);
  auto request = all_volumes_of(server.id);
  request.exclude_boot_volume = true;
  const auto set = needed("CreateSnapshots", co_await create(subject, request));
  subject.expect("the boot volume can be left out",
                 set.size() == 1 && set[0].volume == at(server, "/dev/sdf").volume,
                 fmt::format("{} snapshots", set.size()));
}

CONTRACT(LeavesOutDataVolumes) {
  const auto server = co_await launch_with_data(subject, 2);
  const auto left_out = at(server, "/dev/sdf").volume;
  auto request = all_volumes_of(server.id);
  request.exclude_data_volumes = {left_out};
  const auto set = needed("CreateSnapshots", co_await create(subject, request));
  subject.expect("a data volume can be left out",
                 set.size() == 2 && !volumes_of(set).contains(left_out),
                 fmt::format("{} snapshots", set.size()));
}

CONTRACT(TakesNoRootForADataVolume) {
  const auto server = co_await launch_with_data(subject, 1);
  auto request = all_volumes_of(server.id);
  request.exclude_data_volumes = {root_of(server)};
  subject.expect_refused("the root volume cannot be left out as a data volume",
                         co_await create(subject, request));
  const ec2::Filter of_volumes{"volume-id",
                               {root_of(server).str(), at(server, "/dev/sdf").volume.str()}};
  const auto made = needed("DescribeSnapshots",
                           co_await ec2::describe_snapshots(subject.caller, {}, {of_volumes}));
  subject.expect("a refused set leaves no snapshot", made.empty(),
                 fmt::format("{} snapshots", made.size()));
}

CONTRACT(CompletesSnapshots) {
  const auto server = co_await launch(subject);
  const auto set = co_await snapshots_of(subject, server.id);
  const auto first = co_await look_at(subject, set[0].id);
  subject.expect("a snapshot is shown as pending at first", first.state == SnapshotState::pending,
                 first.state ? std::string(to_string(*first.state)) : "no state");
  subject.expect("a pending snapshot shows less than 100 %", first.progress.value_or(0) < 100,
                 fmt::format("{} %", first.progress.value_or(0)));
  const auto last = co_await until(subject, set[0].id, SnapshotState::completed);
  subject.expect("a completed snapshot shows 100 %", last.progress == 100,
                 fmt::format("{} %", last.progress.value_or(0)));
  subject.expect("the time of a snapshot stays that of its beginning",
                 last.started == set[0].started, last.started ? rfc3339(*last.started) : "none");
}

/// Asks for one more snapshot until the volume may have it.
Task<Result<ec2::Snapshot>> snapshot_when_due(Subject& subject, VolumeId volume) {
  co_await subject.clock.sleep(Seconds(16));
  co_return co_await ec2::create_snapshot(subject.caller, {volume, "", {}}, Seconds(20));
}

/// Whether the second came when it may come, however slow the client was.
bool spaced(const ec2::Snapshot& first, const ec2::Snapshot& second) {
  return first.started && second.started && *second.started - *first.started >= Seconds(15);
}

CONTRACT(SpacesSnapshotsOfAVolume) {
  const auto volume = co_await make_volume(subject);
  const auto first = needed("CreateSnapshot", co_await ec2::create_snapshot(
                                                  subject.caller, {volume, "", {}}, Seconds(20)));
  const auto second = co_await ec2::create_snapshot(subject.caller, {volume, "", {}}, Seconds(20));
  if (!second || !spaced(first, *second)) {
    subject.expect_refused("15 seconds must pass between two snapshots of a volume", second,
                           "SnapshotCreationPerVolumeRateExceeded");
  }
  const auto third = co_await snapshot_when_due(subject, volume);
  subject.expect("a volume may have another snapshot made while one is pending", third.has_value(),
                 third ? "" : third.error().message);
}

CONTRACT(SnapshotsAllOrNone) {
  const auto server = co_await launch_with_data(subject, 1);
  const auto first = needed(
      "CreateSnapshot", co_await ec2::create_snapshot(
                            subject.caller, {at(server, "/dev/sdf").volume, "", {}}, Seconds(20)));
  const auto set = co_await create(subject, all_volumes_of(server.id));
  const bool late = set && spaced(first, set->front());
  if (!late) {
    subject.expect_refused("a set is refused for one volume that may not have a snapshot", set,
                           "SnapshotCreationPerVolumeRateExceeded");
  }
  const ec2::Filter of_root{"volume-id", {root_of(server).str()}};
  const auto made =
      needed("DescribeSnapshots", co_await ec2::describe_snapshots(subject.caller, {}, {of_root}));
  subject.expect("a refused set leaves no snapshot of the other volumes", late || made.empty(),
                 fmt::format("{} snapshots", made.size()));
}

CONTRACT(LimitsPendingSnapshots) {
  const auto volume = co_await make_volume(subject, 1000);
  constexpr int most = 5;
  for (int i = 0; i < most; ++i) {
    needed("CreateSnapshot", co_await snapshot_when_due(subject, volume));
  }
  subject.expect_refused("a volume has no more than 5 pending snapshots",
                         co_await snapshot_when_due(subject, volume),
                         "ConcurrentSnapshotLimitExceeded");
}

}  // namespace
}  // namespace pitstop::test
