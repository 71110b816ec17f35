#include "sim/api/instance_view.hpp"

#include "sim/api/visible.hpp"
#include "sim/cloud/addresses.hpp"

namespace pitstop::sim {

std::optional<SeenInstance> look_at(const Region& region, const Instance& instance, Instant seen) {
  if (!is_there(instance, seen)) {
    return std::nullopt;
  }
  return SeenInstance{region, instance, instance.at(seen)};
}

std::string SeenInstance::reservation() const {
  const auto& given = instance.settings.reservation;
  return given.empty() ? "r" + instance.id.str().substr(1) : given;
}

std::string SeenInstance::public_ip() const {
  if (!is_connected()) {
    return {};
  }
  const auto* elastic = address_of(region, instance.id);
  return elastic != nullptr ? elastic->public_ip : instance.public_ip;
}

}  // namespace pitstop::sim
