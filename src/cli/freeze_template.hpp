#pragma once

#include <string>
#include <string_view>

namespace pitstop {

/// The shell script that freezes and thaws, as Systems Manager has it: with {{ Action }} and
/// {{ Backup }} where it puts the parameters.
std::string_view freeze_script();

/// What `pitstop freeze template` prints: a CloudFormation template of the document.
std::string freeze_template();

}  // namespace pitstop
