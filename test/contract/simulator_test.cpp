// The contract held against the simulated EC2, in the same process and in virtual time.

#include "contract/contract.hpp"
#include "sim/door/simulated_http.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "support/coroutine.hpp"

namespace pitstop::test {
namespace {

class InProcess : public testing::TestWithParam<Item> {};

TEST_P(InProcess, Keeps) {
  const auto scenario =
      sim::load_scenario(PITSTOP_SOURCE_DIR "/test/contract/scenario.toml").value();
  VirtualTime time;
  sim::Simulator simulator(time, scenario);
  sim::Faults faults(scenario.faults, scenario.seed);
  sim::SimulatedHttp http(simulator, faults, time, scenario.seed);
  Subject subject(http, "http://simulated", time);
  time.run(hold(GetParam(), subject));
  expect_kept(GetParam(), subject);
}

INSTANTIATE_TEST_SUITE_P(Contract, InProcess, testing::ValuesIn(contract()), name_of);

}  // namespace
}  // namespace pitstop::test
