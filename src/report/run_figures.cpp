#include "report/run_figures.hpp"

#include <algorithm>

#include "report/backup_text.hpp"

namespace pitstop {
namespace {

std::optional<RunOutages> outages_of_run(const std::vector<BackupOutcome>& backups) {
  std::vector<const BackupOutcome*> down;
  for (const auto& backup : backups) {
    if (backup.downtime && !backup.left_down) {
      down.push_back(&backup);
    }
  }
  if (down.empty()) {
    return std::nullopt;
  }
  std::ranges::sort(down, {}, [](const auto* backup) { return *backup->downtime; });
  const auto count = down.size();
  const auto at = [&](std::size_t place) { return *down[place]->downtime; };
  return RunOutages{.median = (at((count - 1) / 2) + at(count / 2)) / 2,
                    .p99 = at((count * 99 + 99) / 100 - 1),
                    .worst = at(count - 1),
                    .worst_of = down.back()->instance};
}

}  // namespace

RunFigures run_figures_of(const std::vector<BackupOutcome>& backups) {
  RunFigures figures;
  figures.servers = backups.size();
  figures.outages = outages_of_run(backups);
  for (const auto& backup : backups) {
    figures.failed += backup.outcome == Outcome::failed ? 1 : 0;
    figures.refused += backup.outcome == Outcome::refused ? 1 : 0;
    figures.done_elsewhere += backup.outcome == Outcome::done_elsewhere ? 1 : 0;
    figures.at_deadline += backup.gate == GateOpening::deadline ? 1 : 0;
    if (backup.left_down) {
      figures.left_down.push_back(backup.instance);
    }
    if (!is_good(backup)) {
      continue;
    }
    ++figures.good;
    figures.following += backup.outcome == Outcome::following ? 1 : 0;
    figures.images += backup.image ? 1 : 0;
    figures.snapshots += backup.snapshots.size();
    for (const auto& taken : backup.snapshots) {
      figures.size_gib += static_cast<std::int64_t>(taken.snapshot.size);
    }
    if (backup.consistency) {
      ++figures.consistency[*backup.consistency];
    }
  }
  return figures;
}

}  // namespace pitstop
