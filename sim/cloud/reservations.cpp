#include "sim/cloud/reservations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"

namespace pitstop::sim {
namespace {

bool shortage(const Region& region, const std::string& type, const std::string& zone) {
  return std::ranges::any_of(region.shortages, [&](const Shortage& each) {
    return (each.instance_type.empty() || each.instance_type == type) &&
           (each.zone.empty() || each.zone == zone) && each.from <= region.now() &&
           region.now() < each.until;
  });
}

/// What a reservation calls an instance's platform. The two lists of AWS (EC2 User Guide, "AMI
/// billing information fields" and "On-Demand Capacity Reservations") have one name for one thing
/// but where Red Hat, or SQL Server on Linux, comes in.
std::string reserved_platform(std::string details) {
  constexpr std::string_view red_hat = "Red Hat Enterprise Linux with ";
  constexpr std::string_view and_ha = " and HA";
  if (details.starts_with("SQL Server ")) {
    return "Linux with " + details;
  }
  if (!details.starts_with(red_hat)) {
    return details;
  }
  auto software = details.substr(red_hat.size());
  if (software.ends_with(and_ha)) {
    software = "HA and " + software.substr(0, software.size() - and_ha.size());
  }
  return "RHEL with " + software;
}

/// No reservation is for spread and partition placement groups, and one of a cluster is for that.
bool fits_group(const Region& region, const CapacityReservation& reservation,
                const InstanceSettings& settings) {
  const auto group = region.placement_groups.find(settings.placement_group);
  if (group != region.placement_groups.end() && group->second != "cluster") {
    return false;
  }
  return reservation.placement_group == settings.placement_group;
}

bool fits(const Region& region, const CapacityReservation& reservation, const Instance& instance) {
  const auto& settings = instance.settings;
  return reservation.match_criteria == "open" && reservation.instance_type == settings.type &&
         reservation.zone == settings.zone &&
         reservation.platform == reserved_platform(settings.platform_details) &&
         reservation.tenancy == settings.tenancy && settings.lifecycle.empty() &&
         settings.capacity_preference != "none" && settings.capacity_target.empty() &&
         fits_group(region, reservation, settings);
}

bool occupies(const Instance& instance) {
  return instance.state() == InstanceState::running || instance.state() == InstanceState::pending;
}

int running_matches(const Region& region, const CapacityReservation& reservation) {
  return static_cast<int>(std::ranges::count_if(region.instances, [&](const auto& each) {
    return occupies(each.second) && fits(region, reservation, each.second);
  }));
}

}  // namespace

Answer<std::string> create_reservation(Region& region, CapacityReservation reservation) {
  for (const auto& [id, existing] : region.reservations) {
    if (!reservation.client_token.empty() && existing.client_token == reservation.client_token) {
      return id;
    }
  }
  // Running instances that match bring their own places along.
  const int missing = reservation.total - running_matches(region, reservation);
  if (missing > 0 && shortage(region, reservation.instance_type, reservation.zone)) {
    return refuse("InsufficientInstanceCapacity",
                  fmt::format("There is no Spot or On-Demand capacity available for {} in {}.",
                              reservation.instance_type, reservation.zone),
                  500);
  }
  reservation.id = region.new_id("cr");
  reservation.created = region.now();
  const auto id = reservation.id;
  if (reservation.ends) {
    region.schedule.at(*reservation.ends, [&region, id] {
      if (auto& ending = region.reservations.at(id); ending.state == "active") {
        ending.state = "expired";
      }
    });
  }
  region.reservations.emplace(id, std::move(reservation));
  return id;
}

Answer<void> cancel_reservation(Region& region, const std::string& id) {
  const auto found = region.reservations.find(id);
  if (found == region.reservations.end()) {
    return refuse("InvalidCapacityReservationId.NotFound",
                  fmt::format("The capacity reservation '{}' does not exist.", id));
  }
  if (found->second.state != "active") {
    return refuse("InvalidCapacityReservationState",
                  fmt::format("The capacity reservation '{}' is {}.", id, found->second.state));
  }
  found->second.state = "cancelled";
  return {};
}

int available_places(const Region& region, const CapacityReservation& reservation) {
  if (reservation.state != "active") {
    return 0;
  }
  return std::max(0, reservation.total - running_matches(region, reservation));
}

bool has_place(const Region& region, const Instance& instance) {
  if (!shortage(region, instance.settings.type, instance.settings.zone)) {
    return true;
  }
  return std::ranges::any_of(region.reservations, [&](const auto& each) {
    return fits(region, each.second, instance) && available_places(region, each.second) > 0;
  });
}

}  // namespace pitstop::sim
