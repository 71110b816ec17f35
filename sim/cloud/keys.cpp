#include "sim/cloud/keys.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/cloud/region.hpp"

namespace pitstop::sim {

std::string arn_of(const Region& region, const Key& key) {
  return fmt::format("arn:aws:kms:{}:{}:key/{}", region.name, region.account, key.id);
}

const Key* find_key(const Region& region, std::string_view name) {
  const auto beginning = fmt::format("arn:aws:kms:{}:{}:", region.name, region.account);
  const bool is_arn = name.starts_with(beginning);
  const auto bare = is_arn ? name.substr(beginning.size()) : name;
  const auto found = std::ranges::find_if(region.keys, [&](const Key& key) {
    return bare == key.alias || bare == (is_arn ? "key/" + key.id : key.id);
  });
  return found == region.keys.end() ? nullptr : &*found;
}

Key key_of_ebs(const Region& region) {
  auto chance = region.chance_for(alias_of_ebs);
  return {.id = fmt::format("{}-{}-4{}-8{}-{}", chance.hex(8), chance.hex(4), chance.hex(3),
                            chance.hex(3), chance.hex(12)),
          .alias = std::string(alias_of_ebs),
          .created = {}};
}

std::optional<Key> find_any_key(const Region& region, std::string_view name) {
  if (const auto* key = find_key(region, name)) {
    return *key;
  }
  auto own = key_of_ebs(region);
  const bool is_own = name == own.id || name == own.alias || name == arn_of(region, own) ||
                      name == key_arn(region, own.alias);
  return is_own ? std::optional(std::move(own)) : std::nullopt;
}

std::string key_arn(const Region& region, const std::string& name) {
  if (name.starts_with("arn:")) {
    return name;
  }
  if (name.empty()) {
    return arn_of(region, key_of_ebs(region));
  }
  const auto what = name.starts_with("alias/") ? name : "key/" + name;
  return fmt::format("arn:aws:kms:{}:{}:{}", region.name, region.account, what);
}

}  // namespace pitstop::sim
