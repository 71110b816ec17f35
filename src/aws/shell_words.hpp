#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pitstop {

/// Splits text into words at white space, with quotes and backslashes as a POSIX shell has them;
/// nothing if a quote is not closed or a backslash stands last.
std::optional<std::vector<std::string>> shell_words(std::string_view text);

/// Text in a form that a POSIX shell takes for one word, quoted if it has to be: for commands in
/// hints.
std::string shell_word(std::string_view text);

}  // namespace pitstop
