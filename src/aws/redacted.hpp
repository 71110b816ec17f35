#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace pitstop {

/// Foreign text with every one of `secrets` that stands in it left out, for showing.
std::string redacted(std::string_view text, const std::vector<Secret>& secrets);

}  // namespace pitstop
