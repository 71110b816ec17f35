#pragma once

#include <string>
#include <vector>

#include "ec2/launch.hpp"

namespace pitstop {

/// What a new server has in common with the one that its network interface is like.
struct InterfaceRules {
  bool keeps_addresses = false;  ///< it gets the very addresses, which must be free
  bool moves = false;            ///< it is in another subnet
  bool another_type = false;
  bool gets_elastic_ip = false;
};

/// Plans the primary network interface of a new server like the one that a server had. What cannot
/// be as it was is added to `differences`, a line each.
ec2::LaunchInterface plan_interface(const ec2::Instance& was, const InterfaceRules& rules,
                                    std::vector<std::string>& differences);

}  // namespace pitstop
