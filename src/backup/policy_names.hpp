#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The policies that asked for a backup, as its tag `pitstop:policy` and the journal keep them: one
/// name, or the names of several with a space between them.
namespace pitstop {

std::string join_policies(const std::vector<std::string>& names);
std::vector<std::string> policies_in(std::string_view text);

/// Whether the policy of that name is one of them.
bool is_for_policy(std::string_view text, std::string_view name);

/// The values of an EC2 filter that finds the tags of a policy.
std::vector<std::string> filter_values_of_policy(const std::string& name);

/// As many names as a tag takes; whatever is left finds no room.
std::size_t most_policies_in_a_tag(const std::vector<std::string>& names);

}  // namespace pitstop
