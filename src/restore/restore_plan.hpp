#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/fast_restore.hpp"
#include "backup/tag_keys.hpp"
#include "catalog/backup_set.hpp"
#include "ec2/images.hpp"
#include "ec2/launch.hpp"
#include "restore/whole_backup.hpp"

/// What a restore is going to do, decided before the first call that changes something. Nothing in
/// here asks EC2.
namespace pitstop {

/// Which way back.
enum class RestoreKind {
  new_server,  ///< another server, beside the old one if there still is one
  volumes,     ///< only volumes
  in_place,    ///< the same server gets other volumes
  rollback,    ///< and gets back those that it had
};

std::string_view to_string(RestoreKind kind);

/// The tag of whatever a restore makes, beside `restore_tag_key`: of which backup.
inline constexpr auto restored_from_tag_key = "pitstop:restored-from";

/// The tag of an image that is to outlive its restore.
inline constexpr auto kept_image_tag_key = "pitstop:kept";

/// A volume as it will be: what it was, out of a snapshot.
struct PlannedVolume {
  std::string device;  ///< where the server has it; empty: it is attached to nothing
  SnapshotId snapshot;
  VolumeId was;  ///< the volume that was backed up
  ec2::Gibibytes size{};
  std::string type;
  std::optional<int> iops;
  std::optional<int> throughput;
  bool delete_on_termination = false;
  bool multi_attach = false;
  std::string name = {};  ///< its own tag "Name"; empty: it gets that of the server
  ec2::Tags tags = {};
};

/// What all restores have, for whoever is to read it.
struct RestorePlan {
  RestoreId restore;
  RestoreKind kind = RestoreKind::new_server;
  BackupId backup;
  WallTime taken;
  std::optional<Consistency> consistency;
  InstanceId instance;  ///< the server that was backed up
  std::string name;     ///< of that server, as it was
  std::vector<PlannedVolume> volumes;
  /// What is enabled of their snapshots until they are there, if anything.
  std::optional<FastRestorePlan> fast_restore = {};
  /// What will not be as it was, one line each; and, after "note: ", what is to be known.
  std::vector<std::string> losses;
};

/// One about that backup, without volumes yet. It tells what was left out of the backup, and what
/// is not proven.
RestorePlan plan_for(const RestoreId& restore, RestoreKind kind, const BackupSet& set);

/// A loss if a backup is not worth what one at rest is.
void tell_worth(RestorePlan& plan);

/// Has fast snapshot restore enabled in the zone where the volumes of the plan will be. An error if
/// one of them is too large for it.
Status ask_for_fast_restore(RestorePlan& plan, const BackupSet& set, std::string zone);

/// What may be other than it was. Empty: as it was.
struct NewServerWishes {
  std::string type;
  std::string subnet;
  std::string zone;  ///< in the default network of the account
  std::vector<std::string> security_groups;
  std::string key_name;
  std::string instance_profile_arn;
  std::string private_ip;
  std::optional<std::string> user_data;  ///< base64
  std::string name;
  ec2::Tags set_tags;
  bool keep_private_ip = false;
  bool move_elastic_ip = false;
  int initialization_rate = 0;  ///< MiB/s, 100 to 300; 0: blocks load when read
  /// Whether policies back it up at once; else they pass over it until somebody adopts it.
  bool adopt = false;
  /// Where fast snapshot restore is enabled, if it is: the zone that the server will be in.
  std::optional<std::string> fast_restore_zone = {};
};

/// What there is today of the server that was backed up.
struct Original {
  std::optional<ec2::Instance> instance = {};  ///< nothing if it is gone
  std::string user_data = {};                  ///< base64
  std::string uefi_data = {};
  std::vector<ec2::Address> addresses = {};  ///< its Elastic IPs
  /// As many as a server of its type has if nobody says otherwise; 0: not known.
  int usual_cores = 0;
  int usual_threads_per_core = 0;
  /// Servers that were made of the same backup before, and still are.
  std::vector<InstanceId> restored_before = {};
};

/// What AWS bills for beside the machine.
struct Billing {
  std::string platform_details;
  std::string usage_operation;
  std::vector<std::string> product_codes;

  bool operator==(const Billing&) const = default;
};

struct NewServerPlan : RestorePlan {
  /// The image that is registered for it; nothing if the backup has one of its own.
  std::optional<ec2::ImageRegistration> registration = {};
  std::optional<ImageId> image = {};  ///< that one
  Billing billing = {};               ///< what the image must have
  ec2::LaunchRequest launch = {};     ///< all but the image, where one is registered
  bool source_dest_check = true;
  int initialization_rate = 0;  ///< of the volumes that are made after the launch
  /// Elastic IPs that go over to it.
  std::vector<ec2::Address> addresses = {};
};

/// How a backup becomes another server. An error of kind `refused` says what is in the way: the set
/// is not complete, or has no root volume, or the configuration cannot be read.
Result<NewServerPlan> plan_new_server(const RestoreId& restore, const BackupSet& set,
                                      const NewServerWishes& wishes, const Original& original);

/// The name of the image that a restore registers. AWS frees the name of an image some time after
/// the image is gone, so each restore has its own.
std::string restore_image_name(const RestoreId& restore, const BackupId& backup);

/// The description of that image, which says which backup it was registered from.
std::string restore_image_description(const BackupId& backup, const InstanceId& instance);

/// The volumes of a set as they were. Of one that is suspect only what EC2 itself says: that of an
/// attacker's tags decides nothing.
Result<std::vector<PlannedVolume>> planned_volumes(const BackupSet& set);

/// The tags of a volume that a restore makes.
ec2::Tags tags_of_volume(const PlannedVolume& volume, const RestorePlan& plan);

}  // namespace pitstop
