#include "base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using testing::ElementsAre;

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(printable("i-0abc: it's 100 % \"fine\""), "i-0abc: it's 100 % \"fine\"");
  EXPECT_EQ(printable("grün, žluťoučký, 日本, 🐎"), "grün, žluťoučký, 日本, 🐎");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, IsOneLine) {
  EXPECT_EQ(printable("a\r\nb\tc"), "a  b c");
}

TEST(Printable, DisarmsWhatTerminalsObey) {
  EXPECT_EQ(printable("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(printable(std::string("a\0b\x7f", 4)), "a\\x00b\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m");
}

TEST(Printable, ShowsTheBytesOfWhatIsNotUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("caf\xe9 au lait"), "caf\\xe9 au lait");
  EXPECT_EQ(printable("cut \xe2\x82"), "cut \\xe2\\x82");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "longer than need be";
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf") << "longer than need be";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half of a surrogate pair";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond the last one";
  EXPECT_EQ(printable("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf") << "longer than need be";
}

TEST(Printable, IsCutBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdef", 5), "abcde…");
  EXPECT_EQ(printable("aüü", 4), "aü…");
  EXPECT_EQ(printable("aüü", 5), "aüü");
  EXPECT_EQ(printable("🐎", 3), "…");
  EXPECT_EQ(printable(std::string(1000, 'x')), std::string(300, 'x') + "…");
}

TEST(InQuotes, AreTheQuotesAroundThat) {
  EXPECT_EQ(in_quotes("a\nb"), "\"a b\"");
  EXPECT_EQ(in_quotes(""), "\"\"");
}

TEST(Trimmed, HasNoWhiteSpaceAtEitherEnd) {
  EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(trimmed("ab"), "ab");
  EXPECT_EQ(trimmed(" \r\n\t"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,b,,c", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split(",", ','), ElementsAre("", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split("abc", ','), ElementsAre("abc"));
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(LowerCase, KnowsAsciiOnly) {
  EXPECT_EQ(lower_case("X-Amz-DATE @[`{ÄÖ"), "x-amz-date @[`{ÄÖ");
}

TEST(Text, FirstLine) {
  EXPECT_EQ(first_line(" one \n two"), "one");
  EXPECT_EQ(first_line("one\r\n"), "one");
  EXPECT_EQ(first_line("one"), "one");
  EXPECT_EQ(first_line("\none"), "");
  EXPECT_EQ(first_line(""), "");
}

}  // namespace
}  // namespace pitstop
