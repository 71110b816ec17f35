// The simulation is worth something only if it notices a broken procedure. Here the procedure is
// compiled with a list of ways to break it (mutants.toml), one of them alive at a time.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "mutants/mutant.hpp"
#include "simulation/seeds.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

/// Not one mutant has lived through so many nights.
constexpr std::uint64_t nights = 400;

std::vector<std::string> names() {
  std::ifstream list(PITSTOP_SOURCE_DIR "/test/mutants/mutants.toml");
  std::vector<std::string> found;
  const std::string key = "name = \"";
  for (std::string line; std::getline(list, line);) {
    if (line.starts_with(key)) {
      found.push_back(line.substr(key.size(), line.rfind('"') - key.size()));
    }
  }
  return found;
}

/// The first night whose promises are broken; nothing if all are kept.
std::optional<std::uint64_t> first_broken_night(std::uint64_t until) {
  for (std::uint64_t seed = 1; seed <= until; ++seed) {
    if (!live_through(seed).broken.empty()) {
      return seed;
    }
  }
  return std::nullopt;
}

TEST(Mutants, TheProcedureAsItIsKeepsItsPromises) {
  awake_mutant("");
  EXPECT_EQ(first_broken_night(seeds(100)), std::nullopt);
}

class Mutant : public testing::TestWithParam<std::string> {
 protected:
  void TearDown() override { awake_mutant(""); }
};

TEST_P(Mutant, IsCaught) {
  awake_mutant(GetParam());
  const auto caught = first_broken_night(nights);
  ASSERT_TRUE(caught) << "\"" << GetParam() << "\" lived through " << nights << " nights";
  std::cout << fmt::format("caught in night {}: {}\n", *caught,
                           live_through(*caught).broken.front());
}

std::string test_name(const testing::TestParamInfo<std::string>& mutant) {
  std::string name;
  for (const char letter : mutant.param) {
    name += std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(OfTheProcedure, Mutant, testing::ValuesIn(names()), test_name);

}  // namespace
}  // namespace pitstop::test
