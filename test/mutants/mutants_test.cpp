// The simulation is worth something only if it notices a broken procedure. Here the procedure is
// compiled with a list of ways to break it (mutants.toml), one of them alive at a time.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/toml_value.hpp"
#include "mutants/mutant.hpp"
#include "simulation/crashes.hpp"
#include "simulation/false_refusals.hpp"
#include "simulation/seeds.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

/// Not one mutant has lived through so many nights.
constexpr std::uint64_t nights = 400;

struct ListedMutant {
  std::string name;
  std::optional<std::string> found_by;  ///< the crashes that find it; nothing: nights do
  std::uint64_t found_in = 1;           ///< the night to begin with
};

void PrintTo(const ListedMutant& mutant, std::ostream* out) {
  *out << mutant.name;
}

/// Those that nights find, or those that crashes find.
std::vector<ListedMutant> mutants(bool by_crashes) {
  const std::string name = PITSTOP_SOURCE_DIR "/test/mutants/mutants.toml";
  std::ostringstream text;
  text << std::ifstream(name).rdbuf();
  const auto toml = parse_toml(text.str(), name, "").value();
  std::vector<ListedMutant> found;
  for (const auto& each : *toml.find("mutant")->as<TomlValue::List>()) {
    ListedMutant mutant{.name = *each.find("name")->as<std::string>(), .found_by = {}};
    if (const auto* crashes = each.find("found_by")) {
      mutant.found_by = *crashes->as<std::string>();
    }
    if (const auto* night = each.find("found_in")) {
      mutant.found_in = static_cast<std::uint64_t>(*night->as<std::int64_t>());
    }
    if (mutant.found_by.has_value() == by_crashes) {
      found.push_back(mutant);
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

/// By the names that mutants.toml has for them.
Crash crashes_named(std::string_view name) {
  const BackupOptions with_everything{.reserve_capacity = true,
                                      .guard_role = "arn:aws:iam::123456789012:role/pitstop-guard",
                                      .wait = false};
  if (name == "crashes when found stopped") {
    return {.options = with_everything, .found_stopped = true};
  }
  if (name == "crashes of the host") {
    return {.options = with_everything, .host_is_lost = true};
  }
  if (name == "crashes in rotation") {
    return {.options = {.standby = true, .drain = true, .wait = false}, .in_rotation = true};
  }
  if (name == "crashes when restored") {
    return {.options = {.wait = false, .swap = Swap{}}};
  }
  if (name == "crashes when restored fast") {
    Crash crash{.options = {.wait = false, .swap = Swap{}}};
    crash.options.swap->fast_restore.emplace();
    return crash;
  }
  if (name == "crashes when primed") {
    return {.options = {.prime = true}};
  }
  EXPECT_EQ(name, "crashes");
  return {.options = with_everything};
}

/// The same for calls that are carried out and refused; nothing for a name of crashes.
std::optional<std::vector<std::string>> broken_by_refusals_named(std::string_view name) {
  constexpr std::string_view of = "false refusals of ";
  if (name == "two sets") {
    std::vector<std::string> broken;
    for (std::uint64_t seed = 1; broken.empty() && seed <= seeds_of_two_sets; ++seed) {
      broken = live_through_two_sets(seed).broken;
    }
    return broken;
  }
  if (!name.starts_with(of)) {
    return std::nullopt;
  }
  const auto kinds = runs_of_every_kind();
  const auto kind = std::ranges::find(kinds, name.substr(of.size()), &RunKind::name);
  return kind == kinds.end() ? std::vector<std::string>() : broken_by_any_refusal(*kind);
}

struct BrokenNight {
  std::uint64_t seed = 0;
  std::string promise;  ///< the first that is broken, in words
};

/// The first night whose promises are broken, of so many and beginning with that one; nothing if
/// all are kept.
std::optional<BrokenNight> first_broken_night(std::uint64_t many, std::uint64_t from = 1) {
  for (std::uint64_t i = 0; i < many; ++i) {
    const auto seed = 1 + (from - 1 + i) % many;
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

class Mutant : public testing::TestWithParam<ListedMutant> {
 protected:
  void SetUp() override { awake_mutant(GetParam().name); }
  void TearDown() override { awake_mutant(""); }
};

TEST_P(Mutant, IsCaught) {
  const auto caught = first_broken_night(nights, GetParam().found_in);
  ASSERT_TRUE(caught) << "it lived through " << nights << " nights";
  std::cout << fmt::format("caught in night {}: {}\n", caught->seed, caught->promise);
}

std::string test_name(const testing::TestParamInfo<ListedMutant>& mutant) {
  std::string name;
  for (const char letter : mutant.param.name) {
    name += std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(OfTheProcedure, Mutant, testing::ValuesIn(mutants(false)), test_name);

class CrashMutant : public Mutant {};

TEST_P(CrashMutant, IsCaught) {
  if (const auto broken = broken_by_refusals_named(*GetParam().found_by)) {
    ASSERT_FALSE(broken->empty()) << "it lived through all " << *GetParam().found_by;
    std::cout << fmt::format("caught: {}\n", broken->front());
    return;
  }
  const auto caught = first_bad_crash_of(crashes_named(*GetParam().found_by));
  ASSERT_TRUE(caught) << "it lived through all " << *GetParam().found_by;
  std::cout << fmt::format("caught: {}\n", *caught);
}

INSTANTIATE_TEST_SUITE_P(OfTheRecovery, CrashMutant, testing::ValuesIn(mutants(true)), test_name);

}  // namespace
}  // namespace pitstop::test
