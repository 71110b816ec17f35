#pragma once

#include <filesystem>
#include <optional>

#include "base/environment.hpp"

namespace pitstop {

/// A kind of directories of which each user has one, and root the machine's.
struct DirectoryKind {
  const char* variable;    ///< "XDG_STATE_HOME": names it for this user
  const char* of_root;     ///< "/var/lib"
  const char* below_home;  ///< ".local/state"
};

/// Pitstop's own part of such a directory; nothing if HOME would have to say where it is, and does
/// not.
std::optional<std::filesystem::path> own_directory(const DirectoryKind& kind,
                                                   const Environment& environment, bool is_root);

}  // namespace pitstop
