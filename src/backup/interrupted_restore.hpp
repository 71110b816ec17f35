#pragma once

#include "backup/stranded.hpp"
#include "backup/swap.hpp"
#include "backup/tools.hpp"

namespace pitstop {

/// A restore in place that an interrupted run has begun: of a server whose volumes are replaced in
/// part. Its swap is that of the journal, or of a person who has named the restore.
class InterruptedRestore {
 public:
  /// Both outlive it. What becomes of the server is noted in them.
  InterruptedRestore(Tools tools, Stranded& stranded, BackupOutcome& outcome)
      : tools_(tools), stranded_(stranded), outcome_(outcome) {}

  /// Replaces the rest of the volumes, or puts the old ones back; leaves a server as it is of which
  /// nothing has been replaced.
  Task<Status> finish();

  /// Whether the server has all of one side.
  bool is_settled() const { return swap_ && is_settled_; }

  /// When the server runs again: clears away what nobody needs any more.
  Task<Status> conclude();

 private:
  Task<Status> see_that_it_may();
  Task<Status> see_that_it_rests();
  Task<void> let_late_requests_arrive();

  Tools tools_;
  Stranded& stranded_;
  BackupOutcome& outcome_;
  std::optional<Swap> swap_;
  bool is_settled_ = false;
};

}  // namespace pitstop
