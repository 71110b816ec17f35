#include "aws/expiry.hpp"

#include <string>

#include "base/text.hpp"

namespace pitstop {
namespace {

/// A number of two digits; nothing if it is none.
std::optional<int> two_digits(std::string_view text) {
  const auto number = whole_number(text);
  return text.size() == 2 && number >= 0 ? number : std::nullopt;
}

/// "+02:00" or "-08:00".
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  const auto hours = two_digits(text.substr(1, 2));
  const auto minutes = two_digits(text.substr(4));
  if (text[3] != ':' || !hours || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return text.front() == '-' ? -offset : offset;
}

}  // namespace

std::optional<WallTime> parse_expiry(std::string_view text) {
  constexpr std::string_view utc = "UTC";
  constexpr std::size_t offset_size = 6;
  if (text.ends_with(utc)) {
    text.remove_suffix(utc.size());
    return parse_rfc3339(std::string(text) + "Z");
  }
  if (text.size() <= offset_size) {
    return std::nullopt;
  }
  const auto end = text.substr(text.size() - offset_size);
  if (end.front() != '+' && end.front() != '-') {
    return parse_rfc3339(text);
  }
  const auto offset = parse_offset(end);
  const auto local = parse_rfc3339(std::string(text.substr(0, text.size() - offset_size)) + "Z");
  if (!offset || !local) {
    return std::nullopt;
  }
  return *local - *offset;
}

}  // namespace pitstop
