#pragma once

#include <string>
#include <string_view>

namespace pitstop::sim {

/// "aws" of "arn:aws:…" in a region: "aws-cn" in China.
std::string_view partition_of(std::string_view region);

/// What a schedule calls that starts instances.
std::string start_instances_target(std::string_view region);

/// "arn:aws:iam::123456789012:role/path/name", of that account.
bool is_role_of(std::string_view account, std::string_view arn, std::string_view region);

}  // namespace pitstop::sim
