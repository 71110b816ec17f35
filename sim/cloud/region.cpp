#include "sim/cloud/region.hpp"

#include <fmt/format.h>

namespace pitstop::sim {
namespace {

/// FNV-1a: the same on every machine.
std::uint64_t hash(std::uint64_t seed, std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325U ^ seed;
  for (const char letter : text) {
    value = (value ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  }
  return value;
}

}  // namespace

Region::Region(std::string region_name, std::string account_id, Schedule& cloud_schedule,
               std::uint64_t region_seed)
    : name(std::move(region_name)),
      account(std::move(account_id)),
      schedule(cloud_schedule),
      seed(hash(region_seed, name)),
      random(seed) {}

std::string Region::new_id(std::string_view prefix) {
  return fmt::format("{}-0{}", prefix, random.hex(16));
}

SeededRandom Region::chance_for(std::string_view id) const {
  return SeededRandom(hash(seed, id));
}

std::vector<std::string> Region::zones() const {
  return {name + "a", name + "b", name + "c"};
}

}  // namespace pitstop::sim
