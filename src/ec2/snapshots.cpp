#include "ec2/snapshots.hpp"

#include <array>

#include "base/check.hpp"
#include "base/text.hpp"
#include "ec2/dry_run.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

/// CreateSnapshots writes <state>, every other call <status>.
std::optional<SnapshotState> read_state(const pugi::xml_node& item) {
  const auto state = item.child("state");
  return parse_snapshot_state(trimmed(state ? state.child_value() : item.child_value("status")));
}

Snapshot read_without_tags(const pugi::xml_node& item) {
  Snapshot snapshot;
  snapshot.id = SnapshotId(xml::text(item, "snapshotId"));
  snapshot.volume = VolumeId(xml::text(item, "volumeId"));
  snapshot.owner = xml::text(item, "ownerId");
  snapshot.state = read_state(item);
  snapshot.state_message = xml::text(item, "statusMessage");
  snapshot.progress = parse_progress(item.child_value("progress"));
  snapshot.size = Gibibytes(xml::number(item, "volumeSize").value_or(0));
  snapshot.started = xml::time(item, "startTime");
  snapshot.full_bytes = xml::number<std::int64_t>(item, "fullSnapshotSizeInBytes");
  snapshot.encrypted = xml::boolean(item, "encrypted");
  snapshot.description = xml::text(item, "description");
  return snapshot;
}

Snapshot read_snapshot(const pugi::xml_node& item) {
  auto snapshot = read_without_tags(item);
  snapshot.description = xml::text(item, "description");
  snapshot.storage_tier = xml::text(item, "storageTier");
  snapshot.usable_until = xml::time(item, "restoreExpiryTime");
  snapshot.tags = xml::tags(item);
  return snapshot;
}

Task<Result<std::vector<Snapshot>>> describe(Caller& caller, std::vector<SnapshotId> ids,
                                             std::vector<Filter> filters,
                                             Snapshot (*read)(const pugi::xml_node&)) {
  CHECK(!ids.empty() || !filters.empty());
  Call call{.action = "DescribeSnapshots"};
  call.parameters.add_list("SnapshotId", ids);
  call.parameters.add("Owner.1", "self");
  call.parameters.add_filters(filters);
  std::vector<Snapshot> snapshots;
  const auto take = [&](const pugi::xml_node& item) { snapshots.push_back(read(item)); };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "snapshotSet", take));
  co_return snapshots;
}

void add_outpost(Call& call, const std::string& outpost) {
  if (!outpost.empty()) {
    call.parameters.add("OutpostArn", outpost);
  }
}

Call set_call(const SnapshotSetRequest& request) {
  Call call{.action = "CreateSnapshots", .effect = Effect::creates};
  call.parameters.add("InstanceSpecification.InstanceId", request.instance);
  if (request.exclude_boot_volume) {
    call.parameters.add("InstanceSpecification.ExcludeBootVolume", true);
  }
  call.parameters.add_list("InstanceSpecification.ExcludeDataVolumeId",
                           request.exclude_data_volumes);
  call.parameters.add("Description", request.description);
  add_outpost(call, request.outpost);
  call.parameters.add_tag_specification(1, "snapshot", request.tags);
  call.longest_answer = longest_list;  // 128 snapshots with all of their tags
  return call;
}

Call single_call(const SnapshotRequest& request) {
  Call call{.action = "CreateSnapshot", .effect = Effect::creates};
  call.parameters.add("VolumeId", request.volume);
  call.parameters.add("Description", request.description);
  add_outpost(call, request.outpost);
  call.parameters.add_tag_specification(1, "snapshot", request.tags);
  return call;
}

/// One attempt: who repeats it looks before what it has made.
Call once_within(Call call, Duration longest) {
  call.urgency = Urgency::creates;
  call.patience = Duration{};
  call.attempt_timeout = std::chrono::ceil<Milliseconds>(longest);
  return call;
}

}  // namespace

Task<Result<std::vector<Snapshot>>> describe_snapshots(Caller& caller, std::vector<SnapshotId> ids,
                                                       std::vector<Filter> filters) {
  return describe(caller, std::move(ids), std::move(filters), read_snapshot);
}

Task<Result<std::vector<Snapshot>>> look_at_snapshots(Caller& caller, std::vector<SnapshotId> ids,
                                                      std::vector<Filter> filters) {
  return describe(caller, std::move(ids), std::move(filters), read_without_tags);
}

Task<Result<std::vector<Snapshot>>> create_snapshots(Caller& caller, SnapshotSetRequest request,
                                                     Duration longest) {
  CO_TRY(const Reply reply, co_await caller.call(once_within(set_call(request), longest)));
  std::vector<Snapshot> snapshots;
  for (const auto& item : reply.root().child("snapshotSet").children("item")) {
    CO_TRY_STATUS(xml::required_text(item, "snapshotId"));
    snapshots.push_back(read_snapshot(item));
  }
  if (snapshots.empty()) {
    co_return fail(ErrorKind::unknown_fate, "CreateSnapshots: the answer holds no snapshot");
  }
  co_return snapshots;
}

Task<Status> may_create_snapshots(Caller& caller, SnapshotSetRequest request) {
  return dry_run(caller, set_call(request));
}

Task<Result<Snapshot>> create_snapshot(Caller& caller, SnapshotRequest request, Duration longest) {
  CO_TRY(const Reply reply, co_await caller.call(once_within(single_call(request), longest)));
  CO_TRY_STATUS(xml::required_text(reply.root(), "snapshotId"));
  co_return read_snapshot(reply.root());
}

Task<Status> may_create_snapshot(Caller& caller, SnapshotRequest request) {
  return dry_run(caller, single_call(request));
}

Task<Status> delete_snapshot(Caller& caller, SnapshotId snapshot) {
  Call call{.action = "DeleteSnapshot", .effect = Effect::settles};
  call.parameters.add("SnapshotId", snapshot);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

Task<Result<std::vector<SnapshotId>>> locked_snapshots(Caller& caller) {
  Call call{.action = "DescribeLockedSnapshots"};
  std::vector<SnapshotId> locked;
  const auto take = [&](const pugi::xml_node& item) {
    if (xml::text(item, "lockState") != "expired") {
      locked.emplace_back(xml::text(item, "snapshotId"));
    }
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "snapshotSet", take));
  co_return locked;
}

}  // namespace pitstop::ec2
