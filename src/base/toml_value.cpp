#include "base/toml_value.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {
namespace {

std::string shown(const TomlValue& value) {
  if (const auto* text = value.as<std::string>()) {
    return in_quotes(*text);
  }
  if (const auto* whole = value.as<std::int64_t>()) {
    return fmt::to_string(*whole);
  }
  if (const auto* number = value.as<double>()) {
    return fmt::to_string(*number);
  }
  if (const auto* truth = value.as<bool>()) {
    return fmt::to_string(*truth);
  }
  if (value.as<TomlValue::Date>() != nullptr) {
    return "a date or time";
  }
  return value.as<TomlValue::List>() != nullptr ? "a list" : "a table";
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view name) const {
  const auto* table = as<Table>();
  if (table == nullptr) {
    return nullptr;
  }
  const auto found = std::ranges::find(table->members, name, &TomlValue::key);
  return found == table->members.end() ? nullptr : &*found;
}

const TomlValue& TomlValue::at_best(std::string_view name) const {
  const auto* member = find(name);
  return member == nullptr ? *this : *member;
}

Error TomlValue::wrong(std::string_view complaint, std::string hint) const {
  return {ErrorKind::usage,
          path.empty() ? fmt::format("{}: {}", place, complaint)
                       : fmt::format("{}: {}: {}", place, path, complaint),
          std::move(hint), ""};
}

Error TomlValue::expected(std::string_view what, std::string hint) const {
  return wrong(fmt::format("expected {}, but got {}", what, shown(*this)), std::move(hint));
}

}  // namespace pitstop
