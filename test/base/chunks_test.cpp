#include "base/chunks.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

using Parts = std::vector<std::vector<int>>;

TEST(Chunks, KeepTheOrderAndAreFullButForTheLast) {
  EXPECT_EQ(chunks<int>({1, 2, 3, 4, 5}, 2), (Parts{{1, 2}, {3, 4}, {5}}));
  EXPECT_EQ(chunks<int>({1, 2}, 2), (Parts{{1, 2}}));
  EXPECT_EQ(chunks<int>({1}, 2), (Parts{{1}}));
  EXPECT_EQ(chunks<int>({}, 2), Parts());
}

TEST(Halves, AreBothHalvesInOrder) {
  using Pair = std::pair<std::vector<int>, std::vector<int>>;
  EXPECT_EQ(halves<int>({1, 2, 3, 4}), (Pair{{1, 2}, {3, 4}}));
  EXPECT_EQ(halves<int>({1, 2, 3}), (Pair{{1}, {2, 3}}));
  EXPECT_EQ(halves<int>({1}), (Pair{{}, {1}}));
}

}  // namespace
}  // namespace pitstop
