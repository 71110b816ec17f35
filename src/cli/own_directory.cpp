#include "cli/own_directory.hpp"

namespace pitstop {

std::optional<std::filesystem::path> own_directory(const DirectoryKind& kind,
                                                   const Environment& environment, bool is_root) {
  namespace fs = std::filesystem;
  constexpr auto ours = "pitstop";
  // The XDG base directory specification has relative paths ignored.
  const auto named = environment.get(kind.variable);
  if (named && fs::path(*named).is_absolute()) {
    return fs::path(*named) / ours;
  }
  if (is_root) {
    return fs::path(kind.of_root) / ours;
  }
  if (const auto home = environment.get("HOME")) {
    return fs::path(*home) / kind.below_home / ours;
  }
  return std::nullopt;
}

}  // namespace pitstop
