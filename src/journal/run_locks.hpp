#pragma once

#include <filesystem>
#include <map>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace pitstop {

/// Which runs this process works on: of each it holds the lock of a file in the state directory.
///
/// The kernel lets go of a lock when the process ends, however it ends, and nobody else can have it
/// before. So a run whose lock can be taken has no process any more; unlike a process id that
/// cannot be mistaken for another's, and it holds across containers that share the directory.
class RunLocks {
 public:
  /// For a journal in memory, which no other process can have: every lock is free.
  RunLocks() = default;
  /// The directory of the locks is made when the first one is taken.
  explicit RunLocks(const std::filesystem::path& state_directory);
  RunLocks(RunLocks&& other) noexcept;
  RunLocks& operator=(RunLocks&&) = delete;
  ~RunLocks();

  /// Takes the lock of a run; that of one that is ours already stays ours. `held` when another
  /// process has it.
  Status lock(const RunId& run);

  /// Nobody needs the lock any more: its file goes, too.
  void unlock(const RunId& run);

  /// Removes the files of those who have ended without removing theirs.
  void sweep();

 private:
  std::filesystem::path file_of(const RunId& run) const;

  std::filesystem::path directory_;
  std::map<RunId, int> descriptors_;
};

}  // namespace pitstop
