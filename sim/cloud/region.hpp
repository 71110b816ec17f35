#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/cloud/api_error.hpp"
#include "sim/cloud/keys.hpp"
#include "sim/cloud/model.hpp"
#include "sim/cloud/schedule.hpp"

namespace pitstop::sim {

/// Between these times EC2 has no room for such an instance: nothing starts that has no reserved
/// place.
struct Shortage {
  std::string instance_type;  ///< empty: every type
  std::string zone;           ///< empty: every zone
  Instant from;
  Instant until;
};

/// All that one account has in one region, and the verbs that change it, in files by kind:
/// stopping, starting, launching, snapshotting, volumes, images, addresses, reservations.
///
/// A verb does what EC2 does when it is asked, or refuses as EC2 refuses, all or nothing; what
/// takes time goes onto the schedule.
struct Region {
  Region(std::string region_name, std::string account_id, Schedule& cloud_schedule,
         std::uint64_t region_seed);

  std::string name;
  std::string account;
  Schedule& schedule;
  std::uint64_t seed;
  SeededRandom random;

  /// For what is made without a pace of its own.
  ServerPace server_pace;
  SnapshotPace snapshot_pace;
  std::vector<Shortage> shortages;

  std::map<InstanceId, Instance> instances;
  std::map<VolumeId, Volume> volumes;
  std::map<SnapshotId, Snapshot> snapshots;
  /// By what key_of_fast_restore says.
  std::map<std::string, FastRestore> fast_restores;
  std::map<ImageId, Image> images;
  std::map<std::string, Address> addresses;  ///< by allocation
  std::map<std::string, CapacityReservation> reservations;
  std::vector<Key> keys;
  /// By name: "cluster", "partition" or "spread".
  std::map<std::string, std::string> placement_groups;

  /// Other services that live on instances: each is told when the state of one has changed.
  std::vector<std::function<void(const Instance&)>> observers;

  Instant now() const { return schedule.now(); }
  /// "i" becomes "i-" and 17 digits that only the seed decides.
  std::string new_id(std::string_view prefix);
  /// Chance of its own for a new thing: what the others draw does not change it.
  SeededRandom chance_for(std::string_view id) const;
  std::vector<std::string> zones() const;
};

}  // namespace pitstop::sim
