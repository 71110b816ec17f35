#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/toml_value.hpp"

namespace pitstop {
namespace {

TomlValue converted(const toml::node& node, std::string key, std::string path,
                    const std::string& file);

TomlValue::List converted(const toml::array& array, const std::string& path,
                          const std::string& file) {
  TomlValue::List items;
  for (const auto& item : array) {
    items.push_back(converted(item, "", path, file));
  }
  return items;
}

/// toml++ keeps them by name; who reads a message begins at the top of the file.
TomlValue::Table converted(const toml::table& table, const std::string& path,
                           const std::string& file) {
  struct Member {
    toml::source_position position;
    TomlValue value;
  };
  std::vector<Member> members;
  for (const auto& [key, node] : table) {
    const auto name = printable(key.str());
    const auto member_path = path.empty() ? name : fmt::format("{}.{}", path, name);
    members.push_back(
        {key.source().begin, converted(node, std::string(key.str()), member_path, file)});
  }
  std::ranges::sort(members, [](const Member& one, const Member& other) {
    return one.position < other.position;
  });
  TomlValue::Table in_order;
  for (auto& member : members) {
    in_order.members.push_back(std::move(member.value));
  }
  return in_order;
}

TomlValue converted(const toml::node& node, std::string key, std::string path,
                    const std::string& file) {
  TomlValue value{.key = std::move(key),
                  .path = std::move(path),
                  .place = fmt::format("{}:{}", file, node.source().begin.line),
                  .value = TomlValue::Date()};
  if (const auto* table = node.as_table()) {
    value.value = converted(*table, value.path, file);
  } else if (const auto* array = node.as_array()) {
    value.value = converted(*array, value.path, file);
  } else if (const auto* text = node.as_string()) {
    value.value = text->get();
  } else if (const auto* whole = node.as_integer()) {
    value.value = whole->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.value = number->get();
  } else if (const auto* truth = node.as_boolean()) {
    value.value = truth->get();
  }
  return value;
}

}  // namespace

Result<TomlValue> parse_toml(std::string_view text, const std::string& name, std::string hint) {
  try {
    return converted(toml::parse(text), "", "", name);
  } catch (const toml::parse_error& mistake) {
    const auto& at = mistake.source().begin;
    const auto description = printable(mistake.description());
    return fail(ErrorKind::usage,
                fmt::format("{}:{}:{}: {}{}", name, at.line, at.column,
                            lower_case(description.substr(0, 1)), description.substr(1)),
                std::move(hint));
  }
}

}  // namespace pitstop
