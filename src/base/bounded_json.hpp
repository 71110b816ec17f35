#pragma once

#include <cstddef>
#include <string_view>

namespace pitstop {

/// What a JSON text that a stranger may have written may be at most. What parses it is then spared
/// what a few bytes can make it build: copying and destroying values recurses as deep as they nest.
struct JsonLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 32;  ///< of arrays and objects in one another
};

/// Whether a text is within the limits, valid or not. Asked before it is parsed.
bool is_bounded_json(std::string_view text, const JsonLimits& limits = {});

/// Parses a text; what is no JSON, or beyond the limits, comes back as discarded.
template <class Json>
Json parse_bounded_json(std::string_view text, const JsonLimits& limits = {}) {
  return Json::parse(is_bounded_json(text, limits) ? text : std::string_view(), nullptr, false);
}

}  // namespace pitstop
