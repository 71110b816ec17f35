#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/api/characters.hpp"
#include "sim/api/form.hpp"

namespace pitstop::sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(ApiForm, EscapesAndPlusesAreUndone) {
  EXPECT_THAT(parse_form("A=1&B.1=x%20y%2Bz&C=a+b&D=%c3%BC"),
              ElementsAre(Pair("A", "1"), Pair("B.1", "x y+z"), Pair("C", "a b"), Pair("D", "ü")));
}

TEST(ApiForm, AnyBytesGiveSomething) {
  EXPECT_THAT(parse_form(""), IsEmpty());
  EXPECT_THAT(parse_form("&&&"), IsEmpty());
  EXPECT_THAT(parse_form("A"), ElementsAre(Pair("A", "")));
  EXPECT_THAT(parse_form("=1"), ElementsAre(Pair("", "1")));
  EXPECT_THAT(parse_form("A=%"), ElementsAre(Pair("A", "%")));
  EXPECT_THAT(parse_form("A=%4"), ElementsAre(Pair("A", "%4")));
  EXPECT_THAT(parse_form("A=%zz&"), ElementsAre(Pair("A", "%zz")));
  EXPECT_THAT(parse_form("A=b=c"), ElementsAre(Pair("A", "b=c")));
}

TEST(ApiForm, OfTwoOfTheSameNameTheFirstCounts) {
  EXPECT_THAT(parse_form("A=1&A=2"), ElementsAre(Pair("A", "1")));
}

TEST(ApiForm, AListIsInTheOrderOfItsNumbersAndEndsAtAGap) {
  FormReader form(parse_form("X.10=j&X.1=a&X.2=b&X.4=d&X.999999999999=z&X.=e&X.01=f"));
  EXPECT_THAT(form.list("X"), ElementsAre("a", "b"));
  EXPECT_EQ(form.count("X"), 2U);
  FormReader ten(parse_form("X.10=10&X.9=9&X.8=8&X.7=7&X.6=6&X.5=5&X.4=4&X.3=3&X.2=2&X.1=1"));
  EXPECT_THAT(ten.list("X"), ElementsAre("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"));
}

TEST(ApiForm, WhatNobodyHasReadIsTold) {
  FormReader form(parse_form("A=1&B=2&C.1.D=3&C.3.D=4"));
  EXPECT_EQ(form.unread(), "A");
  EXPECT_EQ(form.text("A"), "1");
  EXPECT_EQ(form.text("A"), "1");
  EXPECT_EQ(form.unread(), "B");
  EXPECT_EQ(form.text("B"), "2");
  EXPECT_THAT(form.items("C"), ElementsAre("C.1."));
  EXPECT_EQ(form.text("C.1.D"), "3");
  EXPECT_EQ(form.unread(), "C.3.D");
}

TEST(ApiForm, ValuesAreOfTheirTypes) {
  FormReader form(parse_form("T=true&F=FALSE&N=-12&W=2026-01-02T03:04:05Z&Bad=maybe&Long=1e9&E="));
  EXPECT_TRUE(*form.boolean("T"));
  EXPECT_FALSE(*form.boolean("F", true));
  EXPECT_TRUE(*form.boolean("absent", true));
  EXPECT_EQ(*form.number("N"), -12);
  EXPECT_EQ(*form.number("absent"), std::nullopt);
  EXPECT_EQ(rfc3339(**form.time("W")), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(form.boolean("Bad").error().code, "InvalidParameterValue");
  EXPECT_EQ(form.number("Long").error().code, "InvalidParameterValue");
  EXPECT_EQ(form.time("Long").error().code, "InvalidParameterValue");
  EXPECT_EQ(form.choice("Bad", {"yes", "no"}).error().code, "InvalidParameterValue");
  EXPECT_EQ(*form.choice("absent", {"yes", "no"}, "no"), "no");
  EXPECT_EQ(form.required("E").error().code, "MissingParameter");
  EXPECT_EQ(form.required("absent").error().code, "MissingParameter");
}

TEST(ApiCharacters, AreCountedAsPeopleCountThem) {
  EXPECT_EQ(count_characters("abc"), 3U);
  EXPECT_EQ(count_characters("grün 漢字 🚗"), 9U);
  EXPECT_EQ(count_characters(""), 0U);
}

TEST(ApiCharacters, WhatIsNoUtf8OrNotForXmlHasNoCount) {
  for (const std::string_view bad :
       {"\xff", "\xc3", "\xc3(", "\xe6\xbc", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80",
        "\xef\xbf\xbe", "\x01", "a\x1b"}) {
    EXPECT_EQ(count_characters(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(count_characters("a\tb\r\n"), 5U);
}

}  // namespace
}  // namespace pitstop::sim
