#pragma once

#include <optional>
#include <vector>

#include "ec2/congestion.hpp"
#include "report/board_line.hpp"
#include "report/fleet_totals.hpp"

namespace pitstop {

/// What stands above the lines of a fleet's servers, the more important lines first: how many are
/// done, how many are down (only if any are, or were), how fast it goes, and what EC2 slows down.
/// `longest` is the longest of the outages that are going on; several of `congestion` may be of one
/// action.
std::vector<BoardLine> fleet_header(const FleetTotals& totals, std::optional<Duration> longest,
                                    const std::vector<ec2::Congestion>& congestion, Instant now);

}  // namespace pitstop
