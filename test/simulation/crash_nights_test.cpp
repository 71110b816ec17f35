// Nights in which much goes wrong and processes are killed, by seed, as many as fit into the time.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "simulation/crash_nights.hpp"

namespace pitstop::test {
namespace {

constexpr std::uint64_t night_parts = 2;
constexpr std::uint64_t at_least = 10;

/// 40 seconds of one core; PITSTOP_SOAK says how many each part has instead.
Duration time_for_a_part() {
  const auto wanted = Environment::of_process().get("PITSTOP_SOAK");
  return Seconds(wanted ? std::stoll(*wanted) : 40 / static_cast<long long>(night_parts));
}

class CrashNights : public testing::TestWithParam<std::uint64_t> {};

TEST_P(CrashNights, LeaveNothingBehind) {
  if (const auto only = Environment::of_process().get("PITSTOP_SEED")) {
    EXPECT_EQ(live_through_kills(std::stoull(*only)).broken, std::vector<std::string>());
    return;
  }
  const SystemClock clock;
  const Instant end = clock.now() + time_for_a_part();
  std::uint64_t nights = 0;
  std::size_t servers = 0;
  std::size_t broken = 0;
  for (; clock.now() < end || nights < at_least; ++nights) {
    const auto morning = live_through_kills(1 + GetParam() + nights * night_parts);
    EXPECT_EQ(morning.broken, std::vector<std::string>());
    broken += morning.broken.empty() ? 0 : 1;
    ASSERT_LT(broken, 5U) << "that is enough";
    servers += morning.servers;
  }
  std::cout << fmt::format("{} nights with kills, {} servers\n", nights, servers);
}

INSTANTIATE_TEST_SUITE_P(Part, CrashNights, testing::Range(std::uint64_t{0}, night_parts));

}  // namespace
}  // namespace pitstop::test
