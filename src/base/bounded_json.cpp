#include "base/bounded_json.hpp"

namespace pitstop {

bool is_bounded_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return false;
  }
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      // Of an escape the character after the backslash ends nothing.
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits.depth) {
        return false;
      }
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return true;
}

}  // namespace pitstop
