#include "sim/faults/call_name.hpp"

namespace pitstop::sim {
namespace {

std::string_view value_of(std::string_view form, std::string_view name) {
  for (std::size_t begin = 0; begin < form.size();) {
    const auto end = std::min(form.find('&', begin), form.size());
    const auto parameter = form.substr(begin, end - begin);
    if (parameter.starts_with(name) && parameter.substr(name.size()).starts_with('=')) {
      return parameter.substr(name.size() + 1);
    }
    begin = end + 1;
  }
  return {};
}

}  // namespace

std::string call_name(std::string_view form) {
  const std::string action(value_of(form, "Action"));
  return value_of(form, "DryRun") == "true" ? "DryRun " + action : action;
}

}  // namespace pitstop::sim
