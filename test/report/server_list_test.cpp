#include "report/server_list.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "sample.hpp"
#include "support/golden.hpp"

namespace pitstop {
namespace {

using namespace test;

TEST(ServerList, SaysWhereTheyAreIfThatIsNotOnePlace) {
  const auto list = sample_list();
  expect_golden("report/golden/server_list.txt",
                server_list(list, 1, 24) + server_list({list[0], list[0]}, 1000, 24));
}

TEST(ServerList, SaysNothingOfASingleServer) {
  EXPECT_EQ(server_list({sample_list().front()}, 1, 24), "");
}

TEST(ServerList, CountsThoseForWhomThereIsNoRoom) {
  const std::vector<ListedServer> fleet(100, sample_list().front());
  for (const std::size_t most : {1U, 2U, 3U, 10U, 99U, 100U, 101U, 102U}) {
    const auto lines = split(trimmed(server_list(fleet, 10, most)), '\n').size();
    EXPECT_LE(lines, std::max<std::size_t>(most, 4)) << most;
  }
  EXPECT_TRUE(server_list(fleet, 10, 10).contains("  and 93 more\n"));
  EXPECT_FALSE(server_list(fleet, 10, 102).contains("more\n"));
}

}  // namespace
}  // namespace pitstop
