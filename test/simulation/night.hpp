#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "backup/fleet_rules.hpp"
#include "backup/options.hpp"
#include "sim/scenario/scenario.hpp"

namespace pitstop::test {

/// What can go wrong in a night; they combine.
struct Nemeses {
  bool throttling = true;     ///< full buckets, and refusals out of nowhere
  bool lost_messages = true;  ///< before and after the effect, cut, or much too late
  bool errors = true;         ///< 5xx, pages of HTML
  bool late_looks = true;     ///< answers in the wrong order
  bool capacity = true;       ///< shortages, starts that fall back
  bool slow_gates = true;
  bool failing_snapshots = true;
  bool hung_shutdowns = true;
  bool denials = true;         ///< credentials that may not do all that is needed
  bool false_refusals = true;  ///< errors to what was carried out
};

/// A cloud with a few servers, what befalls it, and how they are backed up: all by the seed.
struct Night {
  sim::Scenario scenario;
  BackupOptions options;
  FleetRules rules = {};
};

/// With one to four servers, or so many.
Night night(std::uint64_t seed, Nemeses nemeses = {}, std::optional<int> servers = {});

}  // namespace pitstop::test
