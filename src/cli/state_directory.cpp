#include "cli/state_directory.hpp"

namespace pitstop {

Result<std::filesystem::path> choose_state_directory(const std::optional<std::string>& flag,
                                                     const Environment& environment, bool is_root) {
  namespace fs = std::filesystem;
  constexpr auto ours = "pitstop";
  if (flag) {
    return fs::path(*flag);
  }
  // The XDG base directory specification has relative paths ignored.
  const auto xdg = environment.get("XDG_STATE_HOME");
  if (xdg && fs::path(*xdg).is_absolute()) {
    return fs::path(*xdg) / ours;
  }
  if (is_root) {
    return fs::path("/var/lib") / ours;
  }
  if (const auto home = environment.get("HOME")) {
    return fs::path(*home) / ".local/state" / ours;
  }
  return fail(ErrorKind::usage, "there is no directory for the journal: HOME is not set",
              "name one by --state-dir");
}

}  // namespace pitstop
