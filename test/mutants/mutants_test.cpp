// The simulation is worth something only if it notices a broken procedure. Here the procedure is
// compiled with a list of ways to break it (mutants.toml), one of them alive at a time.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "mutants/mutant.hpp"
#include "simulation/crashes.hpp"
#include "simulation/seeds.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

/// Not one mutant has lived through so many nights.
constexpr std::uint64_t nights = 400;

/// Whether a mutant is found by nights or by crashes.
enum class FoundBy { nights, crashes };

std::vector<std::string> names(FoundBy by) {
  std::ifstream list(PITSTOP_SOURCE_DIR "/test/mutants/mutants.toml");
  std::vector<std::string> found;
  const std::string key = "name = \"";
  for (std::string line; std::getline(list, line);) {
    if (!line.starts_with(key)) {
      continue;
    }
    const auto name = line.substr(key.size(), line.rfind('"') - key.size());
    std::getline(list, line);
    const bool by_crashes = line == "found_by = \"crashes\"";
    if (by_crashes == (by == FoundBy::crashes)) {
      found.push_back(name);
    }
  }
  return found;
}

/// The crashes of one kind of backup, at each of its moments, with recoveries that are killed at
/// some of theirs. The first that leaves something behind, in words.
std::optional<std::string> first_bad_crash_of(Crash crash) {
  const int moments = moments_of(crash);
  for (int moment = 1; moment <= moments; ++moment) {
    crash.of_backup = {.at_moment = moment, .after = true};
    for (const int other : {0, 4, 8, 12, 16}) {
      crash.of_recovery = {.at_moment = other, .after = true};
      const auto after = live_through(crash);
      if (!after.broken.empty()) {
        return after.broken.front();
      }
    }
  }
  return std::nullopt;
}

/// Nothing if all of them leave nothing behind.
std::optional<std::string> first_bad_crash() {
  const BackupOptions with_everything{.reserve_capacity = true,
                                      .guard_role = "arn:aws:iam::123456789012:role/pitstop-guard",
                                      .wait = false};
  const Crash plain{.options = with_everything};
  const Crash stopped{.options = with_everything, .found_stopped = true};
  const Crash lost{.options = with_everything, .host_is_lost = true};
  const Crash rotating{.options = {.standby = true, .drain = true, .wait = false},
                       .in_rotation = true};
  const Crash primed{.options = {.prime = true}};
  for (const auto& crash : {plain, stopped, lost, rotating, primed}) {
    if (auto bad = first_bad_crash_of(crash)) {
      return bad;
    }
  }
  return std::nullopt;
}

struct BrokenNight {
  std::uint64_t seed = 0;
  std::string promise;  ///< the first that is broken, in words
};

/// The first night whose promises are broken; nothing if all are kept.
std::optional<BrokenNight> first_broken_night(std::uint64_t until) {
  for (std::uint64_t seed = 1; seed <= until; ++seed) {
    const auto morning = live_through(seed);
    if (!morning.broken.empty()) {
      return BrokenNight{.seed = seed, .promise = morning.broken.front()};
    }
  }
  return std::nullopt;
}

TEST(Mutants, TheProcedureAsItIsKeepsItsPromises) {
  awake_mutant("");
  const auto broken = first_broken_night(seeds(100));
  EXPECT_FALSE(broken) << broken->promise;
}

class Mutant : public testing::TestWithParam<std::string> {
 protected:
  void TearDown() override { awake_mutant(""); }
};

TEST_P(Mutant, IsCaught) {
  awake_mutant(GetParam());
  const auto caught = first_broken_night(nights);
  ASSERT_TRUE(caught) << "\"" << GetParam() << "\" lived through " << nights << " nights";
  std::cout << fmt::format("caught in night {}: {}\n", caught->seed, caught->promise);
}

std::string test_name(const testing::TestParamInfo<std::string>& mutant) {
  std::string name;
  for (const char letter : mutant.param) {
    name += std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(OfTheProcedure, Mutant, testing::ValuesIn(names(FoundBy::nights)),
                         test_name);

class CrashMutant : public Mutant {};

TEST_P(CrashMutant, IsCaught) {
  awake_mutant(GetParam());
  const auto caught = first_bad_crash();
  ASSERT_TRUE(caught) << "\"" << GetParam() << "\" lived through all crashes";
  std::cout << fmt::format("caught: {}\n", *caught);
}

INSTANTIATE_TEST_SUITE_P(OfTheRecovery, CrashMutant, testing::ValuesIn(names(FoundBy::crashes)),
                         test_name);

}  // namespace
}  // namespace pitstop::test
