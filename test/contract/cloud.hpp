#pragma once

#include <string>
#include <utility>
#include <vector>

#include "contract/contract.hpp"
#include "ec2/copies.hpp"
#include "ec2/images.hpp"
#include "ec2/instances.hpp"
#include "ec2/launch.hpp"
#include "ec2/sharing.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"

/// What the items do again and again. All of it ends the item where it does not work.
namespace pitstop::test {

inline const std::string zone = "us-east-1a";

using Texts = std::vector<std::pair<std::string, std::string>>;

/// A call that has no typed verb.
Task<Result<ec2::Reply>> ask(Subject& subject, std::string action, Texts parameters);

/// A small server of one volume, in `zone`; what the request says goes before that.
ec2::LaunchRequest small_server(Subject& subject);
Task<ec2::Instance> launch(Subject& subject, ec2::LaunchRequest request);
Task<ec2::Instance> launch(Subject& subject);

/// The same with so many more volumes of 1 GiB, at /dev/sdf, /dev/sdg, ….
Task<ec2::Instance> launch_with_data(Subject& subject, int volumes);

/// Stops it and waits until it is stopped.
Task<ec2::Instance> stop(Subject& subject, InstanceId id);
Task<ec2::Instance> start(Subject& subject, InstanceId id);
/// Terminates it and waits until it is.
Task<void> terminate(Subject& subject, InstanceId id);

/// An empty volume in `zone`, once it is available.
Task<VolumeId> make_volume(Subject& subject, int gibibytes = 1);

/// What CreateSnapshots is asked for: all volumes of a server.
ec2::SnapshotSetRequest all_volumes_of(InstanceId id, ec2::Tags tags = {});
Task<Result<std::vector<ec2::Snapshot>>> create(Subject& subject, ec2::SnapshotSetRequest request);

/// All volumes of a server as snapshots; and the same once they are complete.
Task<std::vector<ec2::Snapshot>> snapshots_of(Subject& subject, InstanceId id);
Task<std::vector<ec2::Snapshot>> complete_snapshots_of(Subject& subject, InstanceId id);

/// How it is shown now.
Task<ec2::Instance> look_at(Subject& subject, InstanceId id);
Task<ec2::Volume> look_at(Subject& subject, VolumeId id);
Task<ec2::Snapshot> look_at(Subject& subject, SnapshotId id);
Task<ec2::Image> look_at(Subject& subject, ImageId id);

/// How it is shown once it is in that state. Waits half an hour at most.
Task<ec2::Instance> until(Subject& subject, InstanceId id, ec2::InstanceState state);
Task<ec2::Volume> until(Subject& subject, VolumeId id, std::string state);
Task<ec2::Snapshot> until(Subject& subject, SnapshotId id, ec2::SnapshotState state);
Task<ec2::Image> until(Subject& subject, ImageId id, std::string state);

/// What a server has at a device, and at its root.
ec2::AttachedVolume at(const ec2::Instance& instance, std::string_view device);
VolumeId root_of(const ec2::Instance& instance);

template <class Thing>
auto ids_of(const std::vector<Thing>& things) {
  std::vector<decltype(Thing::id)> ids;
  for (const auto& thing : things) {
    ids.push_back(thing.id);
  }
  return ids;
}

/// For what was seen: "running -> stopping", …, each change in its order.
std::string told(const ec2::StateChanges& changes);
std::string told(const ec2::Tags& tags);

}  // namespace pitstop::test
