#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

namespace pitstop {

/// The one of these values that to_string gives that name; nothing if none has it.
template <class Value>
std::optional<Value> value_named(std::string_view name, std::initializer_list<Value> values) {
  for (const auto value : values) {
    if (to_string(value) == name) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace pitstop
