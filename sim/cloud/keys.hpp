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

/// The account's own key for EBS, which no scenario has to name.
inline constexpr std::string_view alias_of_ebs = "alias/aws/ebs";
Key key_of_ebs(const Region& region);

/// The same as find_key, with the account's own key for EBS.
std::optional<Key> find_any_key(const Region& region, std::string_view name);

/// The ARN that a name stands for, whether there is such a key or not; that of the account's own
/// key for EBS if it is empty.
std::string key_arn(const Region& region, const std::string& name);

}  // namespace pitstop::sim
