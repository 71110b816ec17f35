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

}  // namespace
}  // namespace pitstop
