#include "aws/expiry.hpp"

#include <string>

namespace pitstop {

std::optional<WallTime> parse_expiry(std::string_view text) {
  constexpr std::string_view utc = "UTC";
  if (text.ends_with(utc)) {
    text.remove_suffix(utc.size());
    return parse_rfc3339(std::string(text) + "Z");
  }
  return parse_rfc3339(text);
}

}  // namespace pitstop
