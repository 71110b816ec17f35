#include "sim/scenario/server_names.hpp"

#include <fmt/format.h>

#include <charconv>

namespace pitstop::sim {

std::string server_name(const ServerPlan& plan, int number) {
  return plan.count > 1 ? fmt::format("{}-{}", plan.name, number) : plan.name;
}

std::vector<std::string> servers_named(const Scenario& scenario, std::string_view region,
                                       std::string_view name) {
  std::vector<std::string> names;
  for (const auto& plan : scenario.servers) {
    const auto& its_region = plan.region.empty() ? scenario.region : plan.region;
    for (int number = 1; number <= plan.count && its_region == region; ++number) {
      auto its_name = server_name(plan, number);
      if (name == plan.name || name == its_name) {
        names.push_back(std::move(its_name));
      }
    }
  }
  return names;
}

NamedTarget named_target(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return {std::string(text)};
  }
  constexpr int greatest = 65535;
  const auto digits = text.substr(colon + 1);
  const char* end = digits.data() + digits.size();
  int port = 0;
  const auto read = std::from_chars(digits.data(), end, port);
  const bool is_port = read.ec == std::errc{} && read.ptr == end && port >= 1 && port <= greatest;
  return {std::string(text.substr(0, colon)), is_port ? port : -1};
}

}  // namespace pitstop::sim
