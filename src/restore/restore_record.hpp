#pragma once

#include "backup/every_site.hpp"
#include "restore/restore_plan.hpp"

/// Restores as EC2 knows them, by the tags of what they have made and of what they keep: no journal
/// is needed.
namespace pitstop {

/// A server, a volume or an image that a restore has made.
struct MadeServer {
  InstanceId id;
  std::string name;
  ec2::InstanceState state = ec2::InstanceState::pending;
  /// The text of its tag `pitstop:restored-from`, because of which policies pass over it.
  std::optional<std::string> restored_from = {};

  bool adopted() const { return !restored_from; }
};
struct MadeImage {
  ImageId id;
  std::string name = {};
  std::vector<SnapshotId> snapshots = {};  ///< that it stands on
  bool kept = false;                       ///< it is to outlive the restore
};

struct RestoreRecord {
  RestoreId restore;
  /// Nothing if too little is left of it to tell.
  std::optional<RestoreKind> kind = {};
  BackupId backup;  ///< empty: of a rollback
  /// When its first volume was made; nothing if there is none.
  std::optional<WallTime> made_at = {};
  std::vector<MadeServer> servers = {};
  std::vector<ec2::Volume> made = {};  ///< volumes
  std::vector<ec2::Volume> kept = {};  ///< volumes that it has replaced
  std::vector<MadeImage> images = {};
  std::size_t site = 0;

  /// The server that it is about: the new one, or the one that its volumes are or were attached to;
  /// nothing if there is none.
  std::optional<InstanceId> server() const;
  /// Of volumes that are attached to nothing, and that AWS bills all the same.
  ec2::Gibibytes unused() const;
};

/// The restores that have made or keep any of these. The newest first.
std::vector<RestoreRecord> restores_of(const std::vector<ec2::Instance>& servers,
                                       const std::vector<ec2::Volume>& volumes,
                                       const std::vector<ec2::Image>& images);

/// The same, asked of all sites; of one restore, if it is named.
Task<Result<FromSites<RestoreRecord>>> find_restores(std::vector<ec2::Caller*> sites,
                                                     std::optional<RestoreId> restore);

/// What ends a restore, so that nothing of it is left that nobody uses.
struct FinishPlan {
  std::vector<ec2::Volume> deletes = {};
  std::vector<InstanceId> adopts = {};
  std::vector<ImageId> deregisters = {};

  bool empty() const { return deletes.empty() && adopts.empty() && deregisters.empty(); }
};

/// Deletes the volumes that it has replaced, and those that it has made alone; has policies back up
/// the server that it has made; deregisters its image unless that is kept. An error of kind
/// `refused` if one of the volumes is attached. All of it is what tags say: `check_finish`
/// (finish_evidence.hpp) asks EC2 whether it is so.
Result<FinishPlan> plan_finish(const RestoreRecord& record);

/// Carries out what `check_finish` has let pass. The error names what is left.
Task<Status> finish_restore(ec2::Caller& ec2, RestoreRecord record, FinishPlan plan);

}  // namespace pitstop
