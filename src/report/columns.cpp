#include "report/columns.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace pitstop {
namespace {

struct CodePoints {
  char32_t first;
  char32_t last;
};

// The C library's wcwidth() depends on the locale and knows nothing beyond ASCII in the default
// one. These are the ranges that names of servers may well hold (Unicode 15, EastAsianWidth.txt and
// general categories Mn, Me and Cf), in ascending order.
constexpr std::array no_columns = {
    CodePoints{0x0300, 0x036f},   CodePoints{0x0483, 0x0489}, CodePoints{0x0591, 0x05bd},
    CodePoints{0x0610, 0x061a},   CodePoints{0x064b, 0x065f}, CodePoints{0x06d6, 0x06dc},
    CodePoints{0x093a, 0x093a},   CodePoints{0x093c, 0x093c}, CodePoints{0x0941, 0x0948},
    CodePoints{0x094d, 0x094d},   CodePoints{0x0e31, 0x0e31}, CodePoints{0x0e34, 0x0e3a},
    CodePoints{0x0e47, 0x0e4e},   CodePoints{0x1ab0, 0x1aff}, CodePoints{0x1dc0, 0x1dff},
    CodePoints{0x200b, 0x200f},   CodePoints{0x202a, 0x202e}, CodePoints{0x2060, 0x2064},
    CodePoints{0x2066, 0x206f},   CodePoints{0x20d0, 0x20ff}, CodePoints{0xfe00, 0xfe0f},
    CodePoints{0xfe20, 0xfe2f},   CodePoints{0xfeff, 0xfeff}, CodePoints{0x1f3fb, 0x1f3ff},
    CodePoints{0xe0100, 0xe01ef},
};

constexpr std::array two_columns = {
    CodePoints{0x1100, 0x115f},   CodePoints{0x231a, 0x231b},   CodePoints{0x23e9, 0x23ec},
    CodePoints{0x2614, 0x2615},   CodePoints{0x26a1, 0x26a1},   CodePoints{0x2705, 0x2705},
    CodePoints{0x274c, 0x274c},   CodePoints{0x2753, 0x2757},   CodePoints{0x2795, 0x2797},
    CodePoints{0x2b50, 0x2b50},   CodePoints{0x2e80, 0x303e},   CodePoints{0x3041, 0x33ff},
    CodePoints{0x3400, 0x4dbf},   CodePoints{0x4e00, 0xa4cf},   CodePoints{0xa960, 0xa97c},
    CodePoints{0xac00, 0xd7a3},   CodePoints{0xf900, 0xfaff},   CodePoints{0xfe30, 0xfe6b},
    CodePoints{0xff01, 0xff60},   CodePoints{0xffe0, 0xffe6},   CodePoints{0x1f300, 0x1f320},
    CodePoints{0x1f32d, 0x1f393}, CodePoints{0x1f3a0, 0x1f3f0}, CodePoints{0x1f400, 0x1f64f},
    CodePoints{0x1f680, 0x1f6fc}, CodePoints{0x1f7e0, 0x1f7eb}, CodePoints{0x1f90c, 0x1f9ff},
    CodePoints{0x1fa70, 0x1faff}, CodePoints{0x20000, 0x3fffd},
};

bool is_in(std::span<const CodePoints> ranges, char32_t code) {
  const auto range = std::ranges::lower_bound(ranges, code, {}, &CodePoints::last);
  return range != ranges.end() && range->first <= code;
}

struct Character {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

/// The first character of a text that is not empty.
Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0xc0 || lead > 0xf4) {
    return {};
  }
  const std::size_t bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < bytes) {
    return {};
  }
  char32_t code = lead & (0xffU >> (bytes + 1));
  for (const char c : text.substr(1, bytes - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) {
      return {};
    }
    code = (code << 6) | (byte & 0x3f);
  }
  const bool wide = is_in(two_columns, code);
  return {bytes, is_in(no_columns, code) ? 0U : wide ? 2U : 1U};
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto character = first_character(text);
    columns += character.columns;
    text.remove_prefix(character.bytes);
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) {
    return std::string(text);
  }
  if (columns == 0) {
    return "";
  }
  std::size_t kept = 0;
  std::size_t used = 0;
  while (true) {
    const auto character = first_character(text.substr(kept));
    if (used + character.columns > columns - 1) {
      return std::string(text.substr(0, kept)) + "…";
    }
    used += character.columns;
    kept += character.bytes;
  }
}

std::string padded(std::string_view text, std::size_t columns) {
  auto cut = cut_to(text, columns);
  cut.append(columns - columns_of(cut), ' ');
  return cut;
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line(indent);
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += (i == 0 ? "" : "  ") + padded(row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace pitstop
