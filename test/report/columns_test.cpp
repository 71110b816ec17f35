#include "report/columns.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

TEST(Columns, CountsWhatATerminalUses) {
  EXPECT_EQ(columns_of(""), 0U);
  EXPECT_EQ(columns_of("web-1"), 5U);
  EXPECT_EQ(columns_of("Zürich"), 6U);
  EXPECT_EQ(columns_of("数据库"), 6U);
  EXPECT_EQ(columns_of("データ"), 6U);
  EXPECT_EQ(columns_of("서버"), 4U);
  EXPECT_EQ(columns_of("🚗"), 2U);
  EXPECT_EQ(columns_of("…"), 1U);
  EXPECT_EQ(columns_of("│→"), 2U);
}

TEST(Columns, TakesCombiningMarksForNone) {
  EXPECT_EQ(columns_of("e\u0301"), 1U);
  EXPECT_EQ(columns_of("a\u200bb"), 2U);
  EXPECT_EQ(columns_of("☕\ufe0f"), 2U);
}

TEST(Columns, TakesBytesThatAreNoUtf8ForOne) {
  EXPECT_EQ(columns_of("\xff\xfe"), 2U);
  EXPECT_EQ(columns_of("\xe6\x95"), 2U);
  EXPECT_EQ(columns_of("\x80z"), 2U);
  EXPECT_EQ(columns_of("\xc3("), 2U);
}

TEST(Columns, CutsWithoutSplittingACharacter) {
  EXPECT_EQ(cut_to("web-1", 5), "web-1");
  EXPECT_EQ(cut_to("web-12", 5), "web-…");
  EXPECT_EQ(cut_to("数据库", 5), "数据…");
  EXPECT_EQ(cut_to("数据库", 4), "数…");
  EXPECT_EQ(cut_to("Zürich", 3), "Zü…");
  EXPECT_EQ(cut_to("web", 1), "…");
  EXPECT_EQ(cut_to("web", 0), "");
}

TEST(Columns, PadsToExactlySoManyColumns) {
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("数据库", 5), "数据…");
  EXPECT_EQ(padded("数据库", 4), "数… ");
  EXPECT_EQ(padded("", 2), "  ");
}

TEST(Columns, LinesUpATable) {
  EXPECT_EQ(table({{"a", "数据", "x"}, {"long", "b", "y"}, {"c"}}, "  "),
            "  a     数据  x\n"
            "  long  b     y\n"
            "  c\n");
  EXPECT_EQ(table({}, "  "), "");
}

}  // namespace
}  // namespace pitstop
