#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace pitstop {

/// What stands behind a key: text, or the indented "key = value" lines below a key without text of
/// its own.
struct ConfigValue {
  std::string text;
  std::map<std::string, std::string, std::less<>> nested;
};

/// The keys of one section, in lower case. Some of them are secrets: never show what is behind a
/// key.
struct ConfigSection {
  std::map<std::string, ConfigValue, std::less<>> values;

  /// The text behind a key; nothing if the key is missing or has no text.
  std::optional<std::string> text(std::string_view key) const;
};

/// A section and what stands between its brackets: "default", "profile \"a b\"", "services x".
struct NamedSection {
  std::string name;
  ConfigSection section;
};

/// Reads the text of AWS's shared configuration or credentials file, as botocore understands it:
/// the sections in their order, each of them with the keys of [DEFAULT] that it does not have
/// itself. `file_name` is for messages, which give the line but never what is written there.
Result<std::vector<NamedSection>> parse_shared_config(std::string_view text,
                                                      std::string_view file_name);

}  // namespace pitstop
