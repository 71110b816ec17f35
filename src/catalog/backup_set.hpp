#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/captured_configuration.hpp"
#include "backup/options.hpp"
#include "backup/outcome.hpp"
#include "catalog/set_members.hpp"
#include "ec2/model.hpp"

namespace pitstop {

/// What a set can be used for.
enum class SetState {
  complete,    ///< every volume of the backup has a snapshot that is complete: it can be restored
  pending,     ///< every volume has one, and some are not complete yet
  incomplete,  ///< a volume's snapshot, or the image, is not there, or what it was is not known
  failed,      ///< EC2 says of a snapshot, or of the image, that it has failed
  archived,    ///< a snapshot is in the archive tier: it has to be brought back first
  suspect,     ///< its tags say what EC2's facts contradict: it is good for nothing
};

std::string_view to_string(SetState state);

struct SetSnapshot {
  SnapshotId id;
  VolumeId volume;         ///< as it was when it was backed up
  std::string owner = {};  ///< the number of the account
  std::string device;      ///< where the server had it; empty if it was attached to nothing
  std::optional<ec2::SnapshotState> state;
  std::string state_message;
  std::optional<int> progress;  ///< percent
  ec2::Gibibytes size{};        ///< of the volume
  /// What is written of it, all told and not since the snapshot before; known once it is complete.
  std::optional<std::int64_t> full_bytes;
  bool encrypted = false;
  bool is_archived = false;
  /// Its tag "Name": that of its volume, or of the server where the volume has none.
  std::string name = {};
  /// The other tags that its volume had, as far as they found room; not those of pitstop.
  ec2::Tags volume_tags = {};
};

/// Where a copy comes from.
struct CopyOrigin {
  std::string region;
  std::string account;

  bool operator==(const CopyOrigin&) const = default;
};

/// A backup as EC2 itself knows it: no journal is needed.
///
/// 1. A tag says where to look, EC2's own facts decide: which snapshots belong to it (what they
///    were described as when they were made, or the image that stands on them), of which volumes,
///    and when it was taken.
/// 2. What the tags say is proven where the description has their digest. In a set of an earlier
///    version it is a claim: whatever speaks against it makes the set suspect, and nothing is
///    removed for what only tags say.
struct BackupSet {
  BackupId backup;
  RunId run;
  InstanceId instance;
  std::string name;    ///< the instance's tag "Name", or its id
  std::string policy;  ///< that asked for it; several have a space between their names
  /// When EC2 began its first snapshot; of a copy what the original said, no later than that.
  WallTime taken;
  Method method = Method::snapshots;
  std::optional<Consistency> consistency;
  std::vector<SetSnapshot> snapshots;  ///< by device
  /// Further snapshots of the same volumes: EC2 made the set twice, and answered once.
  std::vector<SetSnapshot> doubles = {};
  std::vector<LeftOut> left_out = {};
  /// Volumes of the backup that have no snapshot.
  std::vector<CapturedVolume> missing;
  /// What stands on them, of `--method image`.
  std::optional<ec2::Image> image;
  SetState state = SetState::incomplete;
  /// Of a copy: the backup has the same id there.
  std::optional<CopyOrigin> copied_from;
  /// The restore in place that took it of what it was about to replace: the spoilt state, as a
  /// rule.
  std::optional<RestoreId> before_restore = {};
  /// Whether pitstop is known to have made its snapshots: by EC2, or by the journal of this host.
  bool is_pitstops = false;
  /// Whether its tags are known to be those that it was made with.
  bool has_proven_tags = false;
  /// Why it is not complete; empty if it is.
  std::string flaw;
  /// Those of its first snapshot: the captured configuration is among them.
  ec2::Tags tags;
  /// What was described by its first snapshot; empty: none was, as of an image that is gone.
  std::string description = {};
  /// From 0: the account and region it was found in, of those that were asked.
  std::size_t site = 0;

  /// Of all its volumes.
  ec2::Gibibytes size() const;
  /// Of all its snapshots; nothing while one of them is not known.
  std::optional<std::int64_t> full_bytes() const;
};

/// What the tag of a copy says of where it comes from: "snap-0a1b us-east-1 123456789012".
std::string copied_from_text(const SnapshotId& source, const CopyOrigin& origin);
std::optional<CopyOrigin> read_copied_from(std::string_view text);

/// The server as it was, out of a set's tags; an error says why it cannot be read.
Result<CapturedServer> server_of(const BackupSet& set);

/// Makes it suspect, for the reason given, unless it is already.
void doubt(BackupSet& set, std::string why);

/// The sets that snapshots and images make up; those of a first set that primes belong to none, and
/// what is not pitstop's is left out. The newest first.
std::vector<BackupSet> sets_of(const std::vector<ec2::Snapshot>& snapshots,
                               const std::vector<ec2::Image>& images);

}  // namespace pitstop
