#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "prune/prune_plan.hpp"

namespace pitstop {

/// How much a prune is about.
struct PruneFigures {
  std::size_t backups = 0;
  std::size_t kept = 0;
  std::size_t to_remove = 0;
  std::size_t blocked = 0;  ///< that would go, if they could
  std::size_t leftovers_to_remove = 0;
  std::int64_t freed_bytes = 0;  ///< at most

  bool has_anything_to_do() const { return to_remove + blocked + leftovers_to_remove > 0; }
};

/// What a prune deletes in one account and region.
struct SiteDeletion {
  std::string site;
  std::size_t servers = 0;
  std::size_t backups = 0;
  std::size_t leftovers = 0;
};

/// Of all that delete something, in the order of the plans.
std::vector<SiteDeletion> deletions_of(const std::vector<ServerPrune>& servers);

PruneFigures figures_of(const std::vector<ServerPrune>& servers);

}  // namespace pitstop
