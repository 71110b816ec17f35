#pragma once

#include <string_view>

namespace pitstop {

/// The CloudFormation template, in YAML, of the role that the guard's schedules start servers with,
/// and of a policy with what pitstop itself needs for them.
std::string_view guard_template();

}  // namespace pitstop
