#pragma once

#include "base/toml_value.hpp"
#include "sim/scenario/scenario.hpp"

namespace pitstop::sim::scenario_file {

/// Whether all that the file's tables call by a name is there, and where it has to be.
Status check_references(const TomlValue& file, const Scenario& scenario);

}  // namespace pitstop::sim::scenario_file
