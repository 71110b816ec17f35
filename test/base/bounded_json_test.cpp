#include "base/bounded_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace pitstop {
namespace {

TEST(BoundedJson, CountsOnlyWhatNests) {
  EXPECT_TRUE(is_bounded_json(R"({"a":[1,2,{"b":"{{{{[[[["}]})", {.depth = 3}));
  EXPECT_TRUE(is_bounded_json(R"(["\"[[[[[", "\\", []])", {.depth = 2}));
  EXPECT_FALSE(is_bounded_json(R"(["\\",[[]]])", {.depth = 2}));
  EXPECT_TRUE(is_bounded_json("[][][][]", {.depth = 1}));
}

TEST(BoundedJson, IsNoLongerThanIsAllowed) {
  EXPECT_TRUE(is_bounded_json("[1]", {.bytes = 3}));
  EXPECT_FALSE(is_bounded_json("[1] ", {.bytes = 3}));
}

TEST(BoundedJson, WhatIsBeyondItIsNotParsed) {
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  EXPECT_TRUE(parse_bounded_json<nlohmann::json>(deep).is_discarded());
  EXPECT_TRUE(parse_bounded_json<nlohmann::json>("{").is_discarded());
  EXPECT_TRUE(parse_bounded_json<nlohmann::json>("").is_discarded());
  EXPECT_EQ(parse_bounded_json<nlohmann::json>("[1]").at(0), 1);
}

}  // namespace
}  // namespace pitstop
