#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text in the columns of a terminal or of a fixed-width font.
namespace pitstop {

/// How many columns a terminal uses for UTF-8 text: East Asian wide characters and emoji take two,
/// combining marks none. A byte that is not UTF-8 counts as one.
std::size_t columns_of(std::string_view text);

/// Cut to so many columns at most, with "…" where something was cut; never within a character.
std::string cut_to(std::string_view text, std::size_t columns);

/// Cut or filled with blanks to exactly so many columns.
std::string padded(std::string_view text, std::size_t columns);

/// Lines of which each column is as wide as its widest cell, two blanks apart, after `indent`.
std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent);

}  // namespace pitstop
