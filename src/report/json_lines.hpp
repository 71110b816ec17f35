#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <ostream>
#include <string>

#include "base/time.hpp"

/// What all JSON output has in common; doc/json-output.md describes it.
namespace pitstop {

using Json = nlohmann::ordered_json;

/// A message as a line, without the line's end.
std::string line_of(const Json& message);

/// A message on a line of its own, written at once.
void write_line(std::ostream& output, const Json& message);

/// A number, to the millisecond; null for nothing.
Json in_seconds(const std::optional<Duration>& duration);

/// RFC 3339; null for nothing.
Json in_rfc3339(const std::optional<WallTime>& time);

/// An empty text is null.
Json text_or_null(const std::string& text);

}  // namespace pitstop
