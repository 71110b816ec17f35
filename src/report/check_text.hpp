#pragma once

#include <string>

#include "backup/check.hpp"

namespace pitstop {

/// What was found about one server, and what would be done to it, for people.
std::string check_text(const Checked& checked);

}  // namespace pitstop
