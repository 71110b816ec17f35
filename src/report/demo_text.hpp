#pragma once

#include <string>
#include <vector>

#include "report/figures.hpp"

namespace pitstop {

/// What one server of the demo was down for, as its simulated cloud saw it.
struct DemoServer {
  std::string name;
  Duration downtime{};
  /// What EC2 itself took of it: the stop, the first progress, the start.
  Duration limit{};
  /// What EC2 itself would have taken had the start waited for the snapshots to complete.
  Duration limit_of_waiting{};
};

/// What a person wants to know at the end of the demo.
std::string demo_text(const std::vector<DemoServer>& servers);

}  // namespace pitstop
