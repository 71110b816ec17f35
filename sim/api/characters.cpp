#include "sim/api/characters.hpp"

#include <algorithm>

namespace pitstop::sim {
namespace {

/// How many bytes the character takes that begins with this one; 0 if none does.
std::size_t size_of(unsigned char first) {
  return first < 0x80                     ? 1
         : first >= 0xc2 && first <= 0xdf ? 2
         : first >= 0xe0 && first <= 0xef ? 3
         : first >= 0xf0 && first <= 0xf4 ? 4
                                          : 0;
}

/// XML 1.0, production 2; characters must also be written in as few bytes as they need.
bool is_good(char32_t character, std::size_t size) {
  if (size == 1) {
    return character >= 0x20 || character == '\t' || character == '\n' || character == '\r';
  }
  const bool shortest = size == 2 || character >= (size == 3 ? 0x800 : 0x10000);
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  return shortest && !surrogate && character != 0xfffe && character != 0xffff &&
         character <= 0x10ffff;
}

/// ASCII that is no control character.
bool is_simple(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::optional<std::size_t> count_characters(std::string_view text) {
  if (is_simple(text)) {
    return text.size();
  }
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto size = size_of(first);
    if (size == 0 || size > text.size() - at) {
      return std::nullopt;
    }
    char32_t character = size == 1 ? first : first & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xc0) != 0x80) {
        return std::nullopt;
      }
      character = (character << 6) | (next & 0x3f);
    }
    if (!is_good(character, size)) {
      return std::nullopt;
    }
    at += size;
  }
  return count;
}

}  // namespace pitstop::sim
