#include "backup/policy_names.hpp"

#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"

namespace pitstop {

std::string join_policies(const std::vector<std::string>& names) {
  return join(names, " ");
}

std::vector<std::string> policies_in(std::string_view text) {
  std::vector<std::string> names;
  for (const auto name : split(text, ' ')) {
    if (!name.empty()) {
      names.emplace_back(name);
    }
  }
  return names;
}

bool is_for_policy(std::string_view text, std::string_view name) {
  return contains(policies_in(text), name);
}

std::vector<std::string> filter_values_of_policy(const std::string& name) {
  return {name, name + " *", "* " + name, "* " + name + " *"};
}

std::size_t most_policies_in_a_tag(const std::vector<std::string>& names) {
  std::size_t most = 0;
  std::size_t length = 0;
  for (const auto& name : names) {
    length += name.size() + (most > 0 ? 1 : 0);
    if (length > ec2::longest_tag_value) {
      break;
    }
    ++most;
  }
  return most;
}

}  // namespace pitstop
