#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "backup/pit_lane.hpp"
#include "backup/select.hpp"

namespace pitstop {

/// So many of all, or so much of them.
struct Share {
  std::size_t number = 1;
  bool is_percent = false;

  /// A percentage is rounded down, but one is always allowed.
  std::size_t of(std::size_t all) const;

  bool operator==(const Share&) const = default;
};

/// "20" or "5%". An error is of kind `usage`.
Result<Share> parse_share(const std::string& text);

/// Which servers of a fleet may be down together, and which come first.
struct FleetRules {
  Share max_down = {.number = 10, .is_percent = true};
  /// Servers with the same value of this tag are a group; those without it belong to none.
  std::optional<std::string> group_by = {};
  std::size_t max_down_per_group = 1;
  /// Servers with the same value of this tag are a wave: numbers come in their order, then words in
  /// theirs, then servers without it.
  std::optional<std::string> order_by = {};
  std::optional<std::size_t> stop_on_failure = {};

  LaneRules for_lane(std::size_t servers) const;
};

/// A ticket for each server, in their order.
std::vector<LaneTicket> tickets_for(const std::vector<SelectedServer>& servers,
                                    const FleetRules& rules);

/// The rules of several policies, and which of them hold for each server: the numbers of one or
/// more. Each set goes by its own servers: a percentage is one of them.
struct FleetRuleSets {
  std::vector<FleetRules> sets;
  std::vector<std::vector<std::size_t>> of_servers;  ///< in their order

  LaneRuleSets for_lane() const;
};

/// A ticket for each server, in their order. Where the orders of several sets contradict each
/// other, that of the first set holds for a server that is in more than one.
std::vector<LaneTicket> tickets_for(const std::vector<SelectedServer>& servers,
                                    const FleetRuleSets& rules);

/// A tag that no server has groups and orders nothing: it is mistyped. An error of kind `usage`.
Status check_rules(const std::vector<SelectedServer>& servers, const FleetRules& rules);

}  // namespace pitstop
