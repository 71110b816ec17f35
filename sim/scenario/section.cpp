#include "sim/scenario/section.hpp"

#include <fmt/format.h>

#include <map>

#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop::sim::scenario_file {

Status refuse_unknown_keys(const TomlValue& table, const std::vector<std::string>& known) {
  for (const auto& member : table.as<TomlValue::Table>()->members) {
    if (!contains(known, member.key)) {
      return fail(member.wrong("unknown key", did_you_mean(member.key, known)));
    }
  }
  return {};
}

Status refuse_doubles(const TomlValue::List& tables, std::string_view key) {
  std::map<std::string, const TomlValue*> seen;
  for (const auto& table : tables) {
    const auto* value = table.find(key);
    const auto* text = value == nullptr ? nullptr : value->as<std::string>();
    if (text == nullptr) {
      continue;
    }
    const auto [first, is_new] = seen.emplace(*text, value);
    if (!is_new) {
      return fail(value->wrong(
          fmt::format("{} is there already, see {}", in_quotes(*text), first->second->place)));
    }
  }
  return {};
}

}  // namespace pitstop::sim::scenario_file
