#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace pitstop::sim {

struct Region;

/// A key of KMS that volumes are encrypted with.
struct Key {
  std::string id;
  std::string alias;  ///< "alias/backup"
  std::string state = "Enabled";
  Instant created;
  /// When it is to be deleted, in the state PendingDeletion.
  std::optional<Instant> deletion = {};

  bool enabled() const { return state == "Enabled"; }
};

std::string arn_of(const Region& region, const Key& key);

/// By its id, its alias, or the ARN of either; nothing if the region has none of that name.
const Key* find_key(const Region& region, std::string_view name);

}  // namespace pitstop::sim
