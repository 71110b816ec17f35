#pragma once

#include <string>
#include <vector>

namespace pitstop::sim {

/// What AWS bills for beside the machine, as images and instances show it. A root volume carries
/// it, and so do its snapshots.
struct Billing {
  std::string platform_details;
  std::string usage_operation;

  bool operator==(const Billing&) const = default;
};

/// The platforms that there are (EC2 User Guide, "AMI billing information fields").
const std::vector<Billing>& billings();

}  // namespace pitstop::sim
