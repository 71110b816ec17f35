#pragma once

#include <string_view>

namespace pitstop::sim {

/// The text of scenarios/demo.toml, which the program carries with it.
extern const std::string_view demo_scenario;

}  // namespace pitstop::sim
