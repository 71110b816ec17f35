#include "contract/cloud.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop::test {
namespace {

constexpr auto longest_wait = std::chrono::minutes(30);

ec2::InstanceState state_of(const ec2::Instance& instance) {
  return instance.state;
}
std::string state_of(const ec2::Volume& volume) {
  return volume.state;
}
std::optional<ec2::SnapshotState> state_of(const ec2::Snapshot& snapshot) {
  return snapshot.state;
}
std::string state_of(const ec2::Image& image) {
  return image.state;
}

std::string name_of_state(const std::string& state) {
  return state;
}

template <class State>
std::string name_of_state(State state) {
  return std::string(to_string(state));
}

template <class Thing>
Thing only(Result<std::vector<Thing>> things, std::string_view action) {
  auto found = needed(action, std::move(things));
  if (found.size() != 1) {
    throw CannotGoOn(action, fmt::format("{} things for one id", found.size()));
  }
  return std::move(found.front());
}

/// Looks at first often, then seldomer.
template <class Id, class State>
auto await_state(Subject& subject, Id id, State state) -> decltype(look_at(subject, id)) {
  const Instant begun = subject.clock.now();
  while (true) {
    auto thing = co_await look_at(subject, id);
    const Duration waited = subject.clock.now() - begun;
    if (state_of(thing) == state) {
      co_return thing;
    }
    if (waited > longest_wait) {
      throw CannotGoOn(fmt::format("becoming {}", name_of_state(state)),
                       fmt::format("{} does not within {}", id.str(), human(longest_wait)));
    }
    co_await subject.clock.sleep(std::max<Duration>(Seconds(2), waited / 10));
  }
}

}  // namespace

Task<Result<ec2::Reply>> ask(Subject& subject, std::string action, Texts parameters) {
  ec2::Call call{.action = std::move(action)};
  for (auto& [name, value] : parameters) {
    call.parameters.add(std::move(name), std::move(value));
  }
  return subject.caller.call(std::move(call));
}

ec2::LaunchRequest small_server(Subject& subject) {
  ec2::LaunchRequest request;
  request.image = ImageId("ami-0000000000000000a");
  request.type = "t3.micro";
  request.zone = zone;
  request.client_token = subject.new_token();
  return request;
}

Task<ec2::Instance> launch(Subject& subject, ec2::LaunchRequest request) {
  const auto launched =
      needed("RunInstances", co_await ec2::run_instance(subject.caller, std::move(request)));
  co_return co_await until(subject, launched.id, ec2::InstanceState::running);
}

Task<ec2::Instance> launch(Subject& subject) {
  return launch(subject, small_server(subject));
}

Task<ec2::Instance> launch_with_data(Subject& subject, int volumes) {
  const auto server = co_await launch(subject);
  for (int i = 0; i < volumes; ++i) {
    const auto volume = co_await make_volume(subject);
    const auto device = fmt::format("/dev/sd{}", static_cast<char>('f' + i));
    needed("AttachVolume", co_await ec2::attach_volume(subject.caller, volume, server.id, device));
    co_await until(subject, volume, "in-use");
  }
  co_return co_await look_at(subject, server.id);
}

Task<ec2::Instance> stop(Subject& subject, InstanceId id) {
  needed("StopInstances", co_await ec2::stop_instances(subject.caller, {id}));
  co_return co_await until(subject, id, ec2::InstanceState::stopped);
}

Task<ec2::Instance> start(Subject& subject, InstanceId id) {
  needed("StartInstances", co_await ec2::start_instances(subject.caller, {id}));
  co_return co_await until(subject, id, ec2::InstanceState::running);
}

Task<void> terminate(Subject& subject, InstanceId id) {
  needed("TerminateInstances",
         co_await ask(subject, "TerminateInstances", {{"InstanceId.1", id.str()}}));
  co_await until(subject, id, ec2::InstanceState::terminated);
}

Task<VolumeId> make_volume(Subject& subject, int gibibytes) {
  const auto reply =
      needed("CreateVolume",
             co_await ask(subject, "CreateVolume",
                          {{"AvailabilityZone", zone}, {"Size", std::to_string(gibibytes)}}));
  const VolumeId id(reply.root().child_value("volumeId"));
  co_await until(subject, id, "available");
  co_return id;
}

ec2::SnapshotSetRequest all_volumes_of(InstanceId id, ec2::Tags tags) {
  ec2::SnapshotSetRequest request;
  request.instance = std::move(id);
  request.tags = std::move(tags);
  return request;
}

Task<Result<std::vector<ec2::Snapshot>>> create(Subject& subject, ec2::SnapshotSetRequest request) {
  return ec2::create_snapshots(subject.caller, std::move(request), Seconds(20));
}

Task<std::vector<ec2::Snapshot>> snapshots_of(Subject& subject, InstanceId id) {
  co_return needed("CreateSnapshots", co_await create(subject, all_volumes_of(std::move(id))));
}

Task<std::vector<ec2::Snapshot>> complete_snapshots_of(Subject& subject, InstanceId id) {
  auto snapshots = co_await snapshots_of(subject, id);
  for (auto& snapshot : snapshots) {
    snapshot = co_await until(subject, snapshot.id, ec2::SnapshotState::completed);
  }
  co_return snapshots;
}

Task<ec2::Instance> look_at(Subject& subject, InstanceId id) {
  co_return only(co_await ec2::describe_instances(subject.caller, {id}, {}), "DescribeInstances");
}

Task<ec2::Volume> look_at(Subject& subject, VolumeId id) {
  co_return only(co_await ec2::describe_volumes(subject.caller, {id}, {}), "DescribeVolumes");
}

Task<ec2::Snapshot> look_at(Subject& subject, SnapshotId id) {
  co_return only(co_await ec2::describe_snapshots(subject.caller, {id}, {}), "DescribeSnapshots");
}

Task<ec2::Image> look_at(Subject& subject, ImageId id) {
  co_return only(co_await ec2::describe_images(subject.caller, {id}, {}), "DescribeImages");
}

Task<ec2::Instance> until(Subject& subject, InstanceId id, ec2::InstanceState state) {
  return await_state(subject, std::move(id), state);
}

Task<ec2::Volume> until(Subject& subject, VolumeId id, std::string state) {
  return await_state(subject, std::move(id), std::move(state));
}

Task<ec2::Snapshot> until(Subject& subject, SnapshotId id, ec2::SnapshotState state) {
  return await_state(subject, std::move(id), state);
}

Task<ec2::Image> until(Subject& subject, ImageId id, std::string state) {
  return await_state(subject, std::move(id), std::move(state));
}

ec2::AttachedVolume at(const ec2::Instance& instance, std::string_view device) {
  const auto found = std::ranges::find(instance.volumes, device, &ec2::AttachedVolume::device);
  if (found == instance.volumes.end()) {
    throw CannotGoOn("finding a server's volume",
                     fmt::format("{} has none at {}", instance.id.str(), device));
  }
  return *found;
}

VolumeId root_of(const ec2::Instance& instance) {
  return at(instance, instance.root_device_name).volume;
}

std::string told(const ec2::StateChanges& changes) {
  std::vector<std::string> each;
  for (const auto& change : changes.changes) {
    each.push_back(fmt::format("{} -> {}", to_string(change.previous), to_string(change.current)));
  }
  return join(each, ", ");
}

std::string told(const ec2::Tags& tags) {
  std::vector<std::string> each;
  for (const auto& tag : tags) {
    each.push_back(fmt::format("{}={}", tag.key, tag.value));
  }
  std::ranges::sort(each);
  return join(each, ", ");
}

}  // namespace pitstop::test
