#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sim/cloud/billing.hpp"
#include "sim/cloud/contents.hpp"
#include "sim/cloud/pace.hpp"

/// The things that are in the cloud, as they truly are. What a client gets to see of them is the
/// business of sim/api.
namespace pitstop::sim {

using Tags = std::map<std::string, std::string>;

/// The codes are EC2's.
enum class InstanceState {
  pending = 0,
  running = 16,
  shutting_down = 32,
  terminated = 48,
  stopping = 64,
  stopped = 80,
};

std::string_view to_string(InstanceState state);

struct StateChange {
  Instant at;
  InstanceState state = InstanceState::pending;
  std::string reason_code;        ///< <stateReason><code>: "Client.UserInitiatedShutdown"
  std::string reason_message;     ///< <stateReason><message>
  std::string transition_reason;  ///< <reason>: "User initiated (2026-11-23 00:16:00 GMT)"
};

struct Attachment {
  std::string device;
  VolumeId volume;
  bool delete_on_termination = false;
  Instant since;
};

/// What an instance is launched with and keeps; texts that only pass through.
struct InstanceSettings {
  std::string type = "t3.large";
  ImageId image{"ami-0000000000000000a"};
  std::string zone;
  std::string subnet;
  std::string private_ip;
  std::vector<std::string> secondary_ips;
  std::vector<std::string> ipv6_addresses;
  std::vector<std::string> security_groups;
  std::string key_name;
  std::string instance_profile_arn;
  std::string user_data;  ///< base64
  std::string architecture = "x86_64";
  std::string virtualization = "hvm";
  std::string boot_mode;
  std::string tpm_support;
  std::string platform_details = "Linux/UNIX";
  std::string usage_operation = "RunInstances";
  std::string uefi_data;  ///< base64; its non-volatile UEFI variables
  std::string root_device_name = "/dev/xvda";
  std::string root_device_type = "ebs";
  std::string lifecycle;     ///< "spot" or empty
  std::string spot_request;  ///< "sir-…" of a Spot Instance
  bool spot_is_persistent = false;
  std::string managed_by;  ///< the service of AWS that runs it: "eks.amazonaws.com"
  std::string tenancy = "default";
  std::string placement_group;
  std::optional<int> partition;
  std::string outpost;  ///< the ARN of the Outpost that it runs on; empty: on none
  std::string metadata_http_tokens = "required";
  std::string metadata_http_endpoint = "enabled";
  int metadata_hop_limit = 2;
  std::string metadata_tags = "disabled";
  std::string metadata_ipv6 = "disabled";
  std::string auto_recovery = "default";
  std::string hostname_type = "ip-name";
  bool dns_a_record = false;
  bool dns_aaaa_record = false;
  std::string bandwidth_weighting = "default";
  std::vector<std::string> licenses;  ///< ARNs of their configurations
  int cpu_cores = 1;
  int threads_per_core = 2;
  bool ena_support = true;
  bool ebs_optimized = false;
  bool source_dest_check = true;
  bool hibernation = false;
  bool ssm_agent = true;  ///< whether that of Systems Manager runs
  bool enclave = false;
  bool detailed_monitoring = false;
  bool stop_protection = false;
  bool termination_protection = false;
  std::string shutdown_behavior = "stop";
  bool public_ip_on_start = false;  ///< an address of Amazon's, another one after each start
  std::string sriov_net_support;
  std::string cpu_credits;  ///< "standard", "unlimited"; empty: as is usual for the type
  std::string capacity_preference = "open";
  std::string capacity_target;  ///< the one capacity reservation that it may run in, if any
  std::string client_token;
  std::string reservation;  ///< what was launched by the same call has the same; empty: its own
  int launch_index = 0;     ///< among those
};

/// Whether EC2 takes the volume at that device for the root volume: "/dev/sda" is the disk of
/// "/dev/sda1", and old images name the one and map the other.
bool is_root_device(const InstanceSettings& settings, std::string_view device);

/// What AWS has planned for an instance.
struct PlannedEvent {
  std::string id;
  std::string code;  ///< "instance-stop", "system-reboot", …
  std::string description;
  Instant not_before;
};

struct Instance {
  InstanceId id;
  InstanceSettings settings;
  Tags tags;
  std::vector<Attachment> attachments;
  std::string public_ip;  ///< of Amazon's; empty while there is none
  std::string network_interface;

  ServerPace pace;
  SeededRandom random{0};
  std::vector<PlannedEvent> events;
  /// The next so many starts are accepted and fall back to `stopped`; KMS refuses a grant, say.
  int starts_that_fall_back = 0;

  Instant launched;  ///< the last accepted start
  /// Never empty; the last one is how it is now.
  std::vector<StateChange> history;
  /// When the guest last came to rest or lost its power; nothing while it runs.
  std::optional<Instant> quiet_since;

  InstanceState state() const { return history.back().state; }
  Instant created() const { return history.front().at; }
  /// How it was at that time, or at its creation if that came later.
  const StateChange& at(Instant when) const;
  const Attachment* find(const VolumeId& volume) const;
};

struct Volume {
  VolumeId id;
  std::int64_t size_gib = 8;
  std::string type = "gp3";
  std::string zone;
  std::string outpost;  ///< the ARN of the Outpost that it is on; empty: on none
  std::optional<int> iops;
  std::optional<int> throughput;
  bool encrypted = false;
  std::string kms_key;
  SnapshotId made_from;
  /// Of a root volume; empty if EC2 has lost it.
  std::optional<Billing> billing;
  Tags tags;
  std::string client_token;
  Instant created;

  bool multi_attach = false;
  /// Whether all of its blocks were there when it was made, by fast snapshot restore.
  bool fast_restored = false;
  std::vector<InstanceId> attached_to;
  std::optional<Instant> deleted;

  Contents contents;
  /// What its server writes while it is mounted.
  double mib_per_second_written = 0;
  /// Since when somebody writes; `contents` is settled up to then. Nothing while nobody does.
  std::optional<Instant> writing_since;
  /// How much of it was ever written: what a first snapshot copies.
  std::uint64_t used_bytes = 0;
  SnapshotPace snapshot_pace;
  SeededRandom random{0};

  /// The newest snapshot, which the next one is the difference to.
  std::optional<Instant> last_snapshot;
  std::uint64_t writes_at_last_snapshot = 0;
  /// All that were ever made of it.
  std::vector<SnapshotId> snapshots;
  /// Pending ones in the order of their creation: only the first of them is being copied.
  std::vector<SnapshotId> pending;
};

enum class SnapshotState { pending, completed, error };

std::string_view to_string(SnapshotState state);

struct Snapshot {
  SnapshotId id;
  VolumeId volume;
  std::int64_t size_gib = 0;
  std::string description;
  std::string outpost;  ///< the ARN of the Outpost that stores it; empty: the region does
  bool encrypted = false;
  std::string kms_key;
  std::optional<Billing> billing;  ///< its volume's
  Tags tags;
  Instant created;
  bool is_copy = false;               ///< CopySnapshot or CopyImage made it, of no volume
  std::set<std::string> shared_with;  ///< accounts that may copy it

  Contents caught;
  std::uint64_t bytes_to_copy = 0;
  std::uint64_t full_bytes = 0;
  /// Those made by the same call of CreateSnapshots or CreateImage; one that fails takes all with
  /// it.
  std::vector<SnapshotId> set;

  /// Until then the progress is an empty text.
  Instant speaks_from;
  int step = 1;
  bool fails = false;
  /// Known when its turn has come.
  struct Copying {
    Instant begins;     ///< the first block
    Instant past_zero;  ///< the progress first shows more than 0 %
    Instant ends;
  };
  std::optional<Copying> copying;
  std::optional<Instant> ended;
  bool failed = false;
  std::string failure;  ///< <statusMessage>
  /// Asked for while it was pending: it goes when it has ended.
  bool delete_when_ended = false;
  std::optional<Instant> deleted;
  std::string lock;  ///< "governance" or "compliance"; empty: it can be deleted
  /// Whether it is in the archive tier, where no volume can be made of it.
  bool archived = false;
  /// Of one that is back from there for a time.
  std::optional<Instant> restored_until;

  SnapshotState state_at(Instant when) const;
  /// As EC2 writes it: "", "0%", "35%", "100%".
  std::string progress_at(Instant when) const;
};

enum class FastRestoreState { enabling, optimizing, enabled, disabling, disabled };

std::string_view to_string(FastRestoreState state);

/// Fast snapshot restore of a snapshot in a zone: on, or on before.
struct FastRestore {
  SnapshotId snapshot;
  std::string zone;
  Instant enabling;
  Instant optimizing;  ///< when it enters that state, if nobody disables it before
  Instant enabled;     ///< the same
  std::optional<Instant> disabling;
  std::optional<Instant> disabled;
  /// For so many volumes; known for that time.
  double credits = 0;
  Instant credits_at;
  /// What earlier times that it was on are charged as.
  Duration charged_before{};

  FastRestoreState state_at(Instant when) const;
  bool is_on(Instant when) const;
};

struct MappedVolume {
  std::string device;
  SnapshotId snapshot;
  std::int64_t size_gib = 0;
  std::string type = "gp2";
  std::optional<int> iops;
  std::optional<int> throughput;
  bool delete_on_termination = true;
};

/// What CopyImage was asked for.
struct ImageCopy {
  std::string source_region;
  ImageId source;
  std::string name;
  std::string description;
  std::string client_token;
  bool copies_tags = false;  ///< those of the source, to the image
  bool encrypted = false;
  std::string kms_key;
  Tags image_tags;
  Tags snapshot_tags;

  bool operator==(const ImageCopy&) const = default;
};

struct Image {
  ImageId id;
  std::string name;
  std::string description;
  Tags tags;
  Instant created;
  /// What instances made from it have in common: architecture, boot mode, platform, ….
  InstanceSettings settings;
  std::string imds_support;
  std::string sriov_net_support;
  std::vector<MappedVolume> volumes;
  std::optional<ImageCopy> copy;  ///< of one that CopyImage made
  std::optional<Instant> deregistered;
};

struct Address {
  std::string allocation;
  std::string public_ip;
  std::optional<InstanceId> instance;
  std::string association;
  Tags tags;
};

struct CapacityReservation {
  std::string id;
  std::string instance_type;
  std::string platform;
  std::string zone;
  std::string tenancy = "default";
  std::string placement_group;  ///< of a cluster, in which it is; else none
  std::string match_criteria = "open";
  bool ebs_optimized = false;
  int total = 1;
  std::string end_date_type = "unlimited";
  std::optional<Instant> ends;
  std::string state = "active";
  std::string client_token;
  Tags tags;
  Instant created;
};

}  // namespace pitstop::sim
