#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace pitstop {

/// A value of a TOML file that knows where it stands.
struct TomlValue {
  using List = std::vector<TomlValue>;
  /// In the order of the file.
  struct Table {
    std::vector<TomlValue> members;
  };
  /// Dates and times of day: no setting takes one.
  struct Date {};

  std::string key;    ///< its name in its table; empty in a list
  std::string path;   ///< "server.volume.size_gib"; empty for the whole file
  std::string place;  ///< "demo.toml:12"
  std::variant<std::string, std::int64_t, double, bool, Date, List, Table> value;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }

  /// The member of that name; none if this is no table.
  const TomlValue* find(std::string_view name) const;
  /// The same, or this table itself: for pointing at what is wrong.
  const TomlValue& at_best(std::string_view name) const;

  /// "demo.toml:12: server.volume.size_gib: " and the complaint.
  Error wrong(std::string_view complaint, std::string hint = {}) const;
  /// The same with what was found wrong with it elsewhere.
  Error wrong(const Error& found) const { return wrong(found.message, found.hint); }
  /// … "expected a number, but got "big"".
  Error expected(std::string_view what, std::string hint = {}) const;
};

/// Reads a whole file; `name` is for messages. What is no TOML is an error with line and column,
/// and with that hint.
Result<TomlValue> parse_toml(std::string_view text, const std::string& name, std::string hint);

}  // namespace pitstop
