#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pitstop {

/// In double quotes, with control characters and what is not UTF-8 made harmless, and the whole cut
/// to a line's length: for showing foreign text in a message.
std::string in_quotes(std::string_view text);

/// The same without the quotes.
std::string printable(std::string_view text, std::size_t most = 300);

/// Without white space at either end.
std::string_view trimmed(std::string_view text);

/// Up to the first line's end, without white space at either end.
std::string_view first_line(std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The number that the whole text is, in decimal digits; nothing if it is none, or too large.
template <class Number = int>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end ? std::optional(number) : std::nullopt;
}

std::string lower_case(std::string_view text);

}  // namespace pitstop
