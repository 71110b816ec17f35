#include "aws/shell_words.hpp"

#include <gtest/gtest.h>

#include <map>

namespace pitstop {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, SplitsAsAShellDoes) {
  const std::map<std::string, Words> cases = {
      {"", {}},
      {"  \t ", {}},
      {"a", {"a"}},
      {" a  b\tc ", {"a", "b", "c"}},
      {R"(profile "a b")", {"profile", "a b"}},
      {R"(profile 'a "b"')", {"profile", R"(a "b")"}},
      {R"(a"b c"'d e'f)", {"ab cd ef"}},
      {R"("" '')", {"", ""}},
      {R"(a\ b \"c)", {"a b", "\"c"}},
      {R"("a\"b\\c\d")", {R"(a"b\c\d)"}},
      {R"('a\b')", {R"(a\b)"}},
  };
  for (const auto& [text, words] : cases) {
    EXPECT_EQ(shell_words(text), words) << text;
  }
}

TEST(ShellWords, AnOpenQuoteOrALastBackslashIsRefused) {
  for (const auto* text : {"\"a", "'a", "a'", "a\\", "\"a\\\"", "\"a\\"}) {
    EXPECT_EQ(shell_words(text), std::nullopt) << text;
  }
}

TEST(ShellWord, IsReadBackAsItWas) {
  EXPECT_EQ(shell_word("prod-1.eu_west@x"), "prod-1.eu_west@x");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's $(x)"), R"('it'\''s $(x)')");
  for (const std::string text : {"", "plain", "a b", "'", "\"'\\ ", "$x`y`;*"}) {
    EXPECT_EQ(shell_words(shell_word(text)), Words{text}) << text;
  }
}

}  // namespace
}  // namespace pitstop
