// The contract held against the program ec2sim over HTTP: one for all items, in which time runs
// fast.

#include <filesystem>

#include "contract/over_http.hpp"
#include "sim/ec2sim_process.hpp"
#include "sim/scaled_clock.hpp"

namespace pitstop::test::over_http {
namespace {

/// A minute takes 0.3 s: long beside what a loaded machine takes for a call, short for those who
/// wait for a server to stop.
constexpr int time_scale = 200;

test::Ec2sim& ec2sim() {
  static test::Ec2sim program({"--time-scale", std::to_string(time_scale), "--scenario",
                               PITSTOP_SOURCE_DIR "/test/contract/scenario.toml"});
  return program;
}

class Ec2sim : public testing::TestWithParam<Item> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(PITSTOP_EC2SIM)) {
      GTEST_SKIP() << PITSTOP_EC2SIM << " has not been built";
    }
    const auto reset = ec2sim().send("POST", "/_sim/reset");
    ASSERT_EQ(reset.status, 200) << reset.body;
  }
};

TEST_P(Ec2sim, Keeps) {
  SystemClock real;
  sim::ScaledClock clock(real, time_scale);
  hold_over_http(GetParam(), ec2sim().endpoint(), clock);
}

INSTANTIATE_TEST_SUITE_P(Contract, Ec2sim, testing::ValuesIn(contract()), name_of);

}  // namespace
}  // namespace pitstop::test::over_http
