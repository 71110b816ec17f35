#include "report/prune_figures.hpp"

#include <algorithm>

namespace pitstop {

PruneFigures figures_of(const std::vector<ServerPrune>& servers) {
  PruneFigures figures;
  for (const auto& server : servers) {
    for (const auto& [set, fate, reasons] : server.backups) {
      ++figures.backups;
      figures.kept += fate == Fate::keep ? 1 : 0;
      figures.blocked += fate == Fate::pass_over ? 1 : 0;
      figures.to_remove += fate == Fate::remove ? 1 : 0;
      figures.freed_bytes += fate == Fate::remove ? most_freed(set.snapshots) : 0;
    }
    for (const auto& [leftover, fate, reasons] : server.leftovers) {
      figures.leftovers_to_remove += fate == Fate::remove ? 1 : 0;
      figures.freed_bytes += fate == Fate::remove ? most_freed(leftover.snapshots) : 0;
    }
  }
  return figures;
}

std::vector<SiteDeletion> deletions_of(const std::vector<ServerPrune>& servers) {
  std::vector<SiteDeletion> sites;
  for (const auto& server : servers) {
    const auto figures = figures_of({server});
    if (figures.to_remove + figures.leftovers_to_remove == 0) {
      continue;
    }
    auto site = std::ranges::find(sites, server.site_name, &SiteDeletion::site);
    if (site == sites.end()) {
      site = sites.insert(sites.end(), {.site = server.site_name});
    }
    ++site->servers;
    site->backups += figures.to_remove;
    site->leftovers += figures.leftovers_to_remove;
  }
  return sites;
}

}  // namespace pitstop
