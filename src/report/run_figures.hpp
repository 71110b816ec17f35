#pragma once

#include <map>
#include <optional>
#include <vector>

#include "backup/outcome.hpp"

namespace pitstop {

/// The outages of a run that are over.
struct RunOutages {
  Duration median{};
  Duration p99{};  ///< of a hundred outages 99 were no longer
  Duration worst{};
  InstanceId worst_of;
};

/// What the outcomes of a run amount to.
struct RunFigures {
  std::size_t servers = 0;
  std::size_t good = 0;
  std::size_t following = 0;  ///< of the good ones
  std::size_t failed = 0;
  std::size_t refused = 0;
  std::size_t done_elsewhere = 0;  ///< another run had backed them up meanwhile
  std::size_t at_deadline = 0;     ///< started then, before the gate opened
  std::vector<InstanceId> left_down;
  std::optional<RunOutages> outages;
  // Of the good ones:
  std::size_t snapshots = 0;
  std::size_t images = 0;
  std::int64_t size_gib = 0;
  std::map<Consistency, std::size_t> consistency;
};

RunFigures run_figures_of(const std::vector<BackupOutcome>& backups);

}  // namespace pitstop
