#include "cli/state_directory.hpp"

#include "cli/own_directory.hpp"

namespace pitstop {
namespace {

constexpr DirectoryKind of_state{
    .variable = "XDG_STATE_HOME", .of_root = "/var/lib", .below_home = ".local/state"};

}  // namespace

Result<std::filesystem::path> choose_state_directory(const std::optional<std::string>& flag,
                                                     const Environment& environment, bool is_root) {
  if (flag) {
    return std::filesystem::path(*flag);
  }
  if (auto own = own_directory(of_state, environment, is_root)) {
    return *std::move(own);
  }
  return fail(ErrorKind::usage, "there is no directory for the journal: HOME is not set",
              "name one by --state-dir");
}

}  // namespace pitstop
