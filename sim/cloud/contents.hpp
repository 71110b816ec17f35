#pragma once

#include <cstdint>
#include <string>

namespace pitstop::sim {

/// In which state the last one who wrote left the file systems of a volume.
enum class FileSystem {
  mounted,  ///< somebody may be writing at this moment
  clean,    ///< unmounted: at rest
  frozen,   ///< mounted, and nothing is under way: all that was written is there
  cut_off,  ///< the power went while it was mounted
};

std::string_view to_string(FileSystem file_system);

/// What is on a volume, as far as a backup cares: enough to tell whether two of them are the same.
struct Contents {
  /// The volume on which the writing began; volumes made from a snapshot go on from there.
  std::string lineage;
  /// How many blocks of 512 KiB have been written on it, one after the other.
  std::uint64_t writes = 0;
  FileSystem file_system = FileSystem::clean;

  bool operator==(const Contents&) const = default;
};

inline constexpr std::uint64_t block_bytes = 512 << 10;

}  // namespace pitstop::sim
