#include "aws/shared_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "aws/shell_words.hpp"
#include "base/random.hpp"

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

std::vector<NamedSection> sections_of(std::string_view text) {
  auto sections = parse_shared_config(text, "config");
  EXPECT_TRUE(sections) << sections.error().message;
  return sections.value_or(std::vector<NamedSection>{});
}

/// The one section of `text`.
ConfigSection section_of(std::string_view text) {
  const auto sections = sections_of(text);
  EXPECT_EQ(sections.size(), 1u);
  return sections.empty() ? ConfigSection{} : sections.front().section;
}

Error error_of(std::string_view text) {
  const auto sections = parse_shared_config(text, "config");
  EXPECT_FALSE(sections) << "this should have been refused: " << text;
  return sections ? Error{} : sections.error();
}

std::string value_of(std::string_view text, std::string_view key) {
  return section_of(text).text(key).value_or("(nothing)");
}

TEST(SharedConfig, HasSectionsInTheirOrder) {
  const auto sections =
      sections_of("[default]\nregion = a\n\n[profile web]\nregion = b\n[other]\n");
  ASSERT_EQ(sections.size(), 3u);
  EXPECT_EQ(sections[0].name, "default");
  EXPECT_EQ(sections[0].section.text("region"), "a");
  EXPECT_EQ(sections[1].name, "profile web");
  EXPECT_EQ(sections[1].section.text("region"), "b");
  EXPECT_EQ(sections[2].name, "other");
  EXPECT_THAT(sections[2].section.values, IsEmpty());
}

TEST(SharedConfig, AnEmptyTextHasNoSections) {
  for (const auto* text : {"", "\n", "\r\n\r\n", "# only a comment", "  ; and another\n\n"}) {
    EXPECT_THAT(sections_of(text), IsEmpty()) << text;
  }
}

TEST(SharedConfig, WhiteSpaceAroundKeysAndValuesDoesNotMatter) {
  for (const auto* text : {"[x]\nregion=a", "[x]\nregion = a", "[x]\n  region =a  ",
                           "[x]\n\tregion\t=\ta\t\n", "  [x]\nregion : a", "[x]\nREGION = a"}) {
    EXPECT_EQ(value_of(text, "region"), "a") << text;
  }
}

TEST(SharedConfig, LinesEndInAnyWay) {
  for (const auto* text : {"[x]\na = 1\nb = 2\n", "[x]\r\na = 1\r\nb = 2\r\n",
                           "[x]\ra = 1\rb = 2\r", "[x]\r\n\r\na = 1\n\rb = 2"}) {
    EXPECT_EQ(value_of(text, "a"), "1");
    EXPECT_EQ(value_of(text, "b"), "2");
  }
}

TEST(SharedConfig, AByteOrderMarkIsSkipped) {
  EXPECT_EQ(value_of("\xef\xbb\xbf[x]\na = 1", "a"), "1");
}

TEST(SharedConfig, AValueMayHoldDelimiters) {
  EXPECT_EQ(value_of("[x]\nurl = https://host:80/?a=b", "url"), "https://host:80/?a=b");
  EXPECT_EQ(value_of("[x]\nurl: a=b", "url"), "a=b");
}

TEST(SharedConfig, ACommentTakesAWholeLine) {
  const auto section = section_of("[x] # of the section\n# c\n  ; c\na = 1\n #c\nb = 2\n;c");
  EXPECT_EQ(section.text("a"), "1");
  EXPECT_EQ(section.text("b"), "2");
  EXPECT_EQ(section.values.size(), 2u);
}

TEST(SharedConfig, WhatLooksLikeACommentBehindAValueIsPartOfIt) {
  EXPECT_EQ(value_of("[x]\na = 1 # one", "a"), "1 # one");
  EXPECT_EQ(value_of("[x]\na = 1 ; one", "a"), "1 ; one");
}

TEST(SharedConfig, AnIndentedLineContinuesTheValue) {
  EXPECT_EQ(value_of("[x]\na = 1\n  2\n\t3\nb = 4", "a"), "1\n2\n3");
  EXPECT_EQ(value_of("[x]\na = 1\n\n\n  # no\n  2\n\n", "a"), "1\n\n\n2");
  EXPECT_EQ(value_of("[x]\na = 1\n [y]", "a"), "1\n[y]");
  EXPECT_EQ(value_of("[x]\na = 1\n b = 2", "a"), "1\nb = 2");
}

TEST(SharedConfig, EquallyIndentedLinesAreKeysOfTheirOwn) {
  EXPECT_EQ(section_of("[x]\n  a = 1\n  b = 2\n c = 3\n").values.size(), 3u);
}

TEST(SharedConfig, AKeyWithoutTextTakesIndentedKeys) {
  const auto section = section_of(
      "[services local]\n"
      "ec2 =\n"
      "  endpoint_url = http://localhost:1\n"
      "\n"
      "  # and\n"
      "    Deeper=2 = 3\n"
      "s3 =\n"
      "\tendpoint_url=http://localhost:2\n");
  EXPECT_THAT(section.values.at("ec2").nested,
              ElementsAre(Pair("Deeper", "2 = 3"), Pair("endpoint_url", "http://localhost:1")));
  EXPECT_THAT(section.values.at("s3").nested,
              ElementsAre(Pair("endpoint_url", "http://localhost:2")));
  EXPECT_EQ(section.text("ec2"), std::nullopt);
}

TEST(SharedConfig, AKeyMayBeEmpty) {
  const auto section = section_of("[x]\na =\nb = 1");
  EXPECT_TRUE(section.values.contains("a"));
  EXPECT_EQ(section.text("a"), std::nullopt);
  EXPECT_EQ(section.text("b"), "1");
  EXPECT_EQ(section.text("c"), std::nullopt);
}

TEST(SharedConfig, DefaultInCapitalsIsThereForAllSections) {
  const auto sections = sections_of("[a]\nregion = 1\n[DEFAULT]\nregion = 2\noutput = 3\n[b]\n");
  ASSERT_EQ(sections.size(), 2u);
  EXPECT_EQ(sections[0].section.text("region"), "1");
  EXPECT_EQ(sections[0].section.text("output"), "3");
  EXPECT_EQ(sections[1].section.text("region"), "2");
}

TEST(SharedConfig, WhatBotocoreRefusesIsRefused) {
  const std::map<std::string_view, std::string_view> cases = {
      {"region = a\n", "line 1: a line before the first section"},
      {"# c\n\nregion\n", "line 3: a line before the first section"},
      {"[x]\nregion\n", "line 2: not a section, not a comment and not KEY = VALUE"},
      {"[x]\n= a\n", "line 2: not a section, not a comment and not KEY = VALUE"},
      {"[x]\n[]\n", "line 2: not a section, not a comment and not KEY = VALUE"},
      {"[x]\r\n\r\n[y\r\n", "line 3: not a section, not a comment and not KEY = VALUE"},
      {"[x]\na = 1\nb = 2\nA : 3\n", "line 4: this key stands in its section already"},
      {"[x]\n[y]\n[x]\n", "line 3: a second section [x]"},
      {"[x]\nec2 =\n  http://host\n", "line 3: an indented line that is not KEY = VALUE"},
  };
  for (const auto& [text, message] : cases) {
    const auto error = error_of(text);
    EXPECT_EQ(error.kind, ErrorKind::usage);
    EXPECT_EQ(error.message, "config, " + std::string(message)) << text;
    EXPECT_THAT(error.hint, Not(IsEmpty())) << text;
  }
}

TEST(SharedConfig, NoMessageShowsWhatIsInALine) {
  for (const auto* text :
       {"SECRET", "[x]\nSECRET", "[x]\nSECRET=1\nSECRET=2", "[x]\na=\n SECRET", "[x]\n=SECRET"}) {
    const auto error = error_of(text);
    EXPECT_THAT(error.message + error.hint, Not(HasSubstr("SECRET"))) << text;
    EXPECT_THAT(error.message + error.hint, Not(HasSubstr("secret"))) << text;
  }
}

TEST(SharedConfig, AnyBytesAreReadOrRefused) {
  const std::string zero("[x]\na = \0\xff\xfe\n", 11);
  EXPECT_EQ(section_of(zero).text("a"), std::string("\0\xff\xfe", 3));
  EXPECT_THAT(error_of("\xff\n").message, HasSubstr("line 1"));
  EXPECT_THAT(error_of("[\x1b[31m]\n[\x1b[31m]").message, Not(HasSubstr("\x1b")));
}

TEST(SharedConfig, NoTextIsTooStrangeToRead) {
  constexpr std::string_view alphabet(
      "[]=:#;\"'\\ \t\r\n\0\xff"
      "ab",
      17);
  SeededRandom random(20260103);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = random.next() % 2 == 0 ? "[a]\n" : "";
    for (auto length = random.next() % 40; length > 0; --length) {
      text += alphabet[random.next() % alphabet.size()];
    }
    const auto sections = parse_shared_config(text, "config");
    EXPECT_TRUE(sections || sections.error().kind == ErrorKind::usage);
    shell_words(text);
  }
}

}  // namespace
}  // namespace pitstop
