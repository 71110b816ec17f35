#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace pitstop::sim {

/// "web", or "web-2" for the second of a count.
std::string server_name(const ServerPlan& plan, int number);

/// The names of those that are meant: all of a plan, or the one of that name. None if there is no
/// such server in the region.
std::vector<std::string> servers_named(const Scenario& scenario, std::string_view region,
                                       std::string_view name);

/// A member of a target group: "web-1", or "web-1:8080".
struct NamedTarget {
  std::string server;
  int port = 0;  ///< 0: the group's; -1: what stands there is no port
};
NamedTarget named_target(std::string_view text);

}  // namespace pitstop::sim
