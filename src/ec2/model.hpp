#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "ec2/parameters.hpp"

/// EC2's things as pitstop sees them. Texts that only pass through (types, zones, key names) stay
/// texts; an empty one means that EC2 did not say.
namespace pitstop::ec2 {

/// A size of volumes and snapshots.
enum class Gibibytes : std::int64_t {};

/// The codes are EC2's own (the low byte of <instanceState><code>).
enum class InstanceState {
  pending = 0,
  running = 16,
  shutting_down = 32,
  terminated = 48,
  stopping = 64,
  stopped = 80,
};

/// EC2's name of the state: "shutting-down".
std::string_view to_string(InstanceState state);

struct AttachedVolume {
  std::string device;
  VolumeId volume;
  bool delete_on_termination = false;
  std::optional<int> ebs_card = {};  ///< of types that have several
};

/// How long a security group remembers idle connections, in seconds; absent: as is usual.
struct ConnectionTracking {
  std::optional<int> tcp_established = {};
  std::optional<int> udp_stream = {};
  std::optional<int> udp = {};

  bool operator==(const ConnectionTracking&) const = default;
};

struct NetworkInterface {
  std::string id;
  std::string subnet;
  std::string private_ip;  ///< the primary one
  int device_index = 0;
  bool public_ip_is_elastic = false;
  std::vector<std::string> secondary_ips = {};
  std::vector<std::string> secondary_public_ips = {};  ///< of some of them
  std::string customer_owned_ip = {};                  ///< of an Outpost
  std::vector<std::string> ipv6_addresses = {};
  bool primary_ipv6 = false;  ///< whether the first of them is bound to the interface for good
  std::vector<std::string> ipv4_prefixes = {};
  std::vector<std::string> ipv6_prefixes = {};
  std::string type = {};             ///< "interface", "efa", …
  bool outlives_its_server = false;  ///< it is not deleted with it
  ConnectionTracking tracking = {};
  bool ena_express = false;
  bool ena_express_udp = false;
  std::optional<int> ena_queues = {};
};

struct Instance {
  InstanceId id;
  InstanceState state = InstanceState::pending;
  std::string state_reason_code;  ///< "Client.UserInitiatedShutdown"
  std::string state_reason;
  std::string transition_reason;  ///< "User initiated (2026-11-23 00:16:00 GMT)"
  /// The last start that EC2 took, or the launch.
  std::optional<WallTime> launched;

  std::string type;
  std::string image;
  std::string zone;
  std::string vpc;
  std::string subnet;
  std::string private_ip;
  std::string public_ip;
  std::vector<std::string> security_groups;
  std::vector<NetworkInterface> network_interfaces;
  std::string key_name;
  std::string instance_profile_arn;

  std::string architecture;
  std::string virtualization;
  std::string hypervisor;
  std::string boot_mode;
  std::string current_boot_mode;
  std::string tpm_support;
  std::string platform_details;
  std::string usage_operation;
  std::string root_device_name;
  std::string root_device_type;  ///< "ebs" or "instance-store"
  std::string sriov_net_support;
  std::string kernel;
  std::string ramdisk;
  bool ena_support = false;
  bool ebs_optimized = false;
  bool source_dest_check = true;
  bool hibernation = false;
  bool enclave = false;
  bool detailed_monitoring = false;
  std::string metadata_http_tokens;
  std::string metadata_http_endpoint;
  int metadata_hop_limit = 0;
  std::string metadata_tags;
  std::string metadata_ipv6;  ///< "enabled": the metadata service answers by IPv6, too
  int cpu_cores = 0;
  int threads_per_core = 0;
  std::string amd_sev_snp;
  std::string nested_virtualization;
  std::string tenancy;
  std::string placement_group;
  std::optional<int> partition;  ///< in a placement group of partitions
  std::string host;
  std::string host_group;            ///< the ARN of its host resource group
  std::string capacity_preference;   ///< "open", "none" or "capacity-reservations-only"
  std::string capacity_target;       ///< the capacity reservation, or group of them, that it wants
  std::string auto_recovery;         ///< "default" or "disabled"
  std::string reboot_migration;      ///< the same
  std::string hostname_type;         ///< "ip-name" or "resource-name"
  std::optional<bool> dns_a_record;  ///< whether its resource name resolves to IPv4
  std::optional<bool> dns_aaaa_record;
  std::string bandwidth_weighting;
  std::vector<std::string> licenses;            ///< ARNs of License Manager
  std::vector<std::string> secondary_networks;  ///< ids of its interfaces there
  std::string outpost;       ///< the ARN of the Outpost that it runs on; empty: on none
  std::string lifecycle;     ///< "spot", "scheduled" or empty
  std::string spot_request;  ///< "sir-…"
  std::string owner;         ///< the number of the account
  /// The service of AWS that runs it; empty if it is the account's own.
  std::string managed_by;
  std::vector<std::string> product_codes;

  std::vector<AttachedVolume> volumes;
  Tags tags;

  /// The value of the tag "Name", or nothing.
  std::optional<std::string> name() const;

  /// The interface with the device index 0; null if EC2 shows none.
  const NetworkInterface* primary_interface() const;
};

/// The device of the root volume as the mapping of volumes names it. Of some old images EC2 says
/// "/dev/sda1" and maps "/dev/sda", or the other way round; a running server has a root volume, so
/// that its only volume is that. Else what EC2 says.
std::string root_device_of(const Instance& instance);

/// Whether a volume is mapped at the root device.
bool has_root_volume(const Instance& instance);

/// Whether it is terminated, or will be in a moment.
bool is_gone(const Instance& instance);

struct VolumeAttachment {
  InstanceId instance;
  std::string device;
  std::string state;
};

struct Volume {
  VolumeId id;
  Gibibytes size{};
  std::string type;
  std::string state;
  std::string zone;
  std::string kms_key;
  SnapshotId made_from;
  std::optional<WallTime> created = {};
  std::optional<int> iops;
  std::optional<int> throughput;
  bool encrypted = false;
  bool multi_attach = false;
  /// Whether all of its blocks were there when it was made, by fast snapshot restore.
  bool fast_restored = false;
  std::vector<VolumeAttachment> attachments;
  Tags tags;
};

enum class SnapshotState { pending, completed, error, recoverable, recovering };

/// EC2's name of the state: "pending".
std::string_view to_string(SnapshotState state);

/// The state of that name; nothing if there is none.
std::optional<SnapshotState> parse_snapshot_state(std::string_view name);

struct Snapshot {
  SnapshotId id;
  VolumeId volume;
  std::string owner = {};  ///< the number of the account
  /// Nothing when EC2 did not say: some endpoints leave it out of the answer to CreateSnapshots.
  std::optional<SnapshotState> state;
  std::string state_message;
  /// Percent as EC2 last said it; nothing when it said nothing, as it does at first.
  std::optional<int> progress;
  Gibibytes size{};
  std::optional<WallTime> started;
  /// All that was ever written of the volume until then; EC2 tells it of a complete one.
  std::optional<std::int64_t> full_bytes;
  bool encrypted = false;
  /// Given when it was made; nothing changes it. Of whoever asks for the tags, too.
  std::string description = {};
  std::string storage_tier = {};              ///< "standard" or "archive"
  std::optional<WallTime> usable_until = {};  ///< of one that is back from the archive for a time
  Tags tags;
};

/// Reads the forms in which EC2 writes a progress: absent, empty, "45%", "45". Nothing if it says
/// nothing.
std::optional<int> parse_progress(std::string_view text);

struct Image {
  ImageId id;
  std::string name;
  std::string description = {};
  std::string state;
  std::optional<WallTime> created = {};
  std::string platform_details;
  std::string usage_operation;
  std::vector<std::string> product_codes;
  std::vector<SnapshotId> snapshots;
  std::vector<std::string> devices = {};  ///< of each of the snapshots
  Tags tags;
};

/// The value of a tag, or nothing.
std::optional<std::string> find_tag(const Tags& tags, std::string_view key);

}  // namespace pitstop::ec2
