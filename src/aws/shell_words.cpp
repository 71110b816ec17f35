#include "aws/shell_words.hpp"

#include <utility>

namespace pitstop {
namespace {

constexpr char unquoted = '\0';

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

std::optional<std::vector<std::string>> shell_words(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = unquoted;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == unquoted && is_blank(c)) {
      in_word = false;
      continue;
    }
    if (!std::exchange(in_word, true)) {
      words.emplace_back();
    }
    std::string& word = words.back();
    if (c == '\\' && quote != '\'') {
      if (++i == text.size()) {
        return std::nullopt;
      }
      // Between double quotes, a backslash is itself unless it protects a double quote or a
      // backslash.
      if (quote == '"' && text[i] != '"' && text[i] != '\\') {
        word += '\\';
      }
      word += text[i];
    } else if (quote == unquoted && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = unquoted;
    } else {
      word += c;
    }
  }
  if (quote != unquoted) {
    return std::nullopt;
  }
  return words;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:@";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string word = "'";
  for (const char c : text) {
    word += c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1);
  }
  return word + "'";
}

}  // namespace pitstop
