#pragma once

#include <string>
#include <string_view>

namespace pitstop::sim {

/// How faults and counts name a call: its action, with "DryRun " before it if it is one.
std::string call_name(std::string_view form);

}  // namespace pitstop::sim
