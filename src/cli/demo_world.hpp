#pragma once

#include "base/random.hpp"
#include "cli/surroundings.hpp"
#include "sim/faults/faults.hpp"
#include "sim/simulator.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop {

/// Surroundings whose cloud is a simulated one in the same process, on a clock of its own. What is
/// shown goes where the real surroundings show it, and so does a wish to end.
class DemoWorld {
 public:
  /// `speed` is how many seconds pass in a real one; 0: as fast as it goes.
  DemoWorld(sim::Scenario scenario, Surroundings& real, double speed);

  Surroundings& surroundings() { return surroundings_; }
  sim::Simulator& simulator() { return simulator_; }

  /// Runs a task in there to its end.
  Task<void> run(Task<void> task);

 private:
  Surroundings make_surroundings();

  Surroundings& real_;
  double speed_;
  VirtualTime time_;
  sim::Simulator simulator_;
  sim::Faults faults_;
  Environment environment_;
  SeededRandom random_;
  std::vector<InstanceId> down_;
  Surroundings surroundings_;
};

}  // namespace pitstop
