#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

/// Where pitstop keeps what it must not forget: what --state-dir says, or pitstop's part of
/// XDG_STATE_HOME, or /var/lib/pitstop for root, or ~/.local/state/pitstop.
Result<std::filesystem::path> choose_state_directory(const std::optional<std::string>& flag,
                                                     const Environment& environment, bool is_root);

}  // namespace pitstop
