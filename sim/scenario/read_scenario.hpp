#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace pitstop::sim {

/// Reads a scenario written in TOML; doc/ec2sim.md has every key. `name` is what messages call the
/// file. A mistake is an error of the kind `usage`, such as
/// "demo.toml:12: server.volume.size_gib: expected a whole number of GiB, 1 to 65536, but got
/// "big"".
Result<Scenario> read_scenario(std::string_view text, const std::string& name);

/// The same from a file.
Result<Scenario> load_scenario(const std::filesystem::path& path);

}  // namespace pitstop::sim
