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

}  // namespace pitstop::sim
