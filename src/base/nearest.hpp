#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pitstop {

/// The one of the known names that is nearly the one that was written; nothing if none is.
std::optional<std::string> nearest(std::string_view written, const std::vector<std::string>& known);

/// "did you mean size_gib?" if one of the known names is nearly the one that was written, else
/// "known here: device, size_gib, …".
std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

}  // namespace pitstop
