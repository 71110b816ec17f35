#include <fmt/format.h>

#include <array>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/instance_types.hpp"
#include "sim/api/network.hpp"
#include "sim/api/tagging.hpp"
#include "sim/api/visible.hpp"
#include "sim/cloud/reservations.hpp"

namespace pitstop::sim::actions {
namespace {

constexpr int most_instances = 1000;

struct SeenReservation {
  const Region& region;
  const CapacityReservation& reservation;

  const Tags& tags() const { return reservation.tags; }
};

constexpr auto reservation_filters = std::to_array<FilterRow<SeenReservation>>({
    {"availability-zone", [](const auto& r, auto& m) { m.offer(r.reservation.zone); }},
    {"end-date-type", [](const auto& r, auto& m) { m.offer(r.reservation.end_date_type); }},
    {"instance-match-criteria",
     [](const auto& r, auto& m) { m.offer(r.reservation.match_criteria); }},
    {"instance-platform", [](const auto& r, auto& m) { m.offer(r.reservation.platform); }},
    {"instance-type", [](const auto& r, auto& m) { m.offer(r.reservation.instance_type); }},
    {"owner-id", [](const auto& r, auto& m) { m.offer(r.region.account); }},
    {"state", [](const auto& r, auto& m) { m.offer(r.reservation.state); }},
    {"tenancy", [](const auto& r, auto& m) { m.offer(r.reservation.tenancy); }},
});

void write_reservation(xml::Element item, const SeenReservation& seen) {
  const auto& [region, reservation] = seen;
  const auto wall = [&](Instant when) { return region.schedule.wall(when); };
  xml::put(item, "capacityReservationId", reservation.id);
  xml::put(item, "ownerId", region.account);
  xml::put(item, "capacityReservationArn",
           fmt::format("arn:aws:ec2:{}:{}:capacity-reservation/{}", region.name, region.account,
                       reservation.id));
  xml::put(item, "availabilityZoneId", zone_id(reservation.zone));
  xml::put(item, "availabilityZone", reservation.zone);
  xml::put(item, "instanceType", reservation.instance_type);
  xml::put(item, "instancePlatform", reservation.platform);
  xml::put(item, "tenancy", reservation.tenancy);
  xml::put_number(item, "totalInstanceCount", reservation.total);
  xml::put_number(item, "availableInstanceCount", available_places(region, reservation));
  xml::put_boolean(item, "ebsOptimized", reservation.ebs_optimized);
  xml::put_boolean(item, "ephemeralStorage", false);
  xml::put(item, "state", reservation.state);
  xml::put_time(item, "startDate", wall(reservation.created));
  xml::put_time(item, "createDate", wall(reservation.created));
  if (reservation.ends) {
    xml::put_time(item, "endDate", wall(*reservation.ends));
  }
  xml::put(item, "endDateType", reservation.end_date_type);
  xml::put(item, "instanceMatchCriteria", reservation.match_criteria);
  xml::put(item, "reservationType", "default");
  xml::put_tags(item, reservation.tags);
}

Answer<void> read_end(ActionCall& call, CapacityReservation& reservation) {
  TRY(const auto end, call.form.time("EndDate"));
  TRY(reservation.end_date_type,
      call.form.choice("EndDateType", {"unlimited", "limited"}, end ? "limited" : "unlimited"));
  if (end.has_value() != (reservation.end_date_type == "limited")) {
    return refuse("InvalidParameterCombination",
                  "EndDate is needed with the EndDateType limited, and only there");
  }
  if (end) {
    const auto& schedule = call.region.schedule;
    const auto length = *end - schedule.wall(schedule.now());
    if (length <= Milliseconds(0)) {
      return refuse("InvalidParameterValue", "EndDate is not in the future");
    }
    reservation.ends = schedule.now() + std::min<Milliseconds>(length, std::chrono::years(100));
  }
  return {};
}

/// The name at the end of its ARN; only a cluster has room for reservations.
Answer<std::string> read_placement_group(ActionCall& call) {
  const auto arn = call.form.text("PlacementGroupArn");
  const auto name = arn.substr(arn.find('/') + 1);
  const auto group = call.region.placement_groups.find(name);
  if (!arn.empty() && (group == call.region.placement_groups.end() || group->second != "cluster")) {
    return refuse("InvalidParameterValue",
                  fmt::format("The placement group {} is not a cluster", printable(arn)));
  }
  return arn.empty() ? std::string() : name;
}

Answer<CapacityReservation> read_reservation(ActionCall& call) {
  auto& form = call.form;
  CapacityReservation reservation;
  TRY(reservation.instance_type, form.required("InstanceType"));
  TRY_STATUS(form.required("InstancePlatform"));
  TRY(reservation.platform,
      form.choice("InstancePlatform",
                  {"Linux/UNIX", "Red Hat Enterprise Linux", "SUSE Linux", "Windows",
                   "Windows with SQL Server", "Windows with SQL Server Enterprise",
                   "Windows with SQL Server Standard", "Windows with SQL Server Web",
                   "Linux with SQL Server Standard", "Linux with SQL Server Web",
                   "Linux with SQL Server Enterprise", "RHEL with SQL Server Standard",
                   "RHEL with SQL Server Enterprise", "RHEL with SQL Server Web", "RHEL with HA",
                   "RHEL with HA and SQL Server Standard", "RHEL with HA and SQL Server Enterprise",
                   "Ubuntu Pro"}));
  TRY(reservation.placement_group, read_placement_group(call));
  TRY(reservation.zone, form.required("AvailabilityZone"));
  TRY_STATUS(form.required("InstanceCount"));
  TRY(const auto count, form.number("InstanceCount"));
  reservation.total = *count;
  TRY(reservation.match_criteria,
      form.choice("InstanceMatchCriteria", {"open", "targeted"}, "open"));
  TRY(reservation.tenancy, form.choice("Tenancy", {"default", "dedicated"}, "default"));
  TRY(reservation.ebs_optimized, form.boolean("EbsOptimized"));
  TRY_STATUS(form.choice("EphemeralStorage", {"false"}));
  TRY_STATUS(read_end(call, reservation));
  reservation.client_token = form.text("ClientToken");
  // Of all actions the only one that has this name in the plural.
  TRY(auto tags, read_tag_specifications(form, {"capacity-reservation"}, "TagSpecifications"));
  reservation.tags = std::move(tags["capacity-reservation"]);
  if (reservation.total < 1 || reservation.total > most_instances) {
    return refuse(
        "InvalidParameterValue",
        fmt::format("Value ({}) for parameter InstanceCount is invalid. It is not between "
                    "1 and {}",
                    reservation.total, most_instances));
  }
  if (!contains(call.region.zones(), reservation.zone)) {
    return refuse("InvalidParameterValue",
                  fmt::format("Invalid availability zone: [{}]", printable(reservation.zone)));
  }
  if (instance_type(reservation.instance_type) == nullptr) {
    return refuse("InvalidParameterValue", fmt::format("Invalid value '{}' for InstanceType.",
                                                       printable(reservation.instance_type)));
  }
  return reservation;
}

}  // namespace

Answer<void> create_capacity_reservation(ActionCall& call) {
  TRY(auto reservation, read_reservation(call));
  TRY_STATUS(call.admit());
  TRY(const auto id, create_reservation(call.region, std::move(reservation)));
  write_reservation(call.answer.append_child("capacityReservation"),
                    {call.region, call.region.reservations.at(id)});
  return {};
}

Answer<void> cancel_capacity_reservation(ActionCall& call) {
  TRY(const auto id, call.form.required("CapacityReservationId"));
  TRY_STATUS(check_id(capacity_reservation_ids, id));
  TRY_STATUS(call.admit());
  TRY_STATUS(cancel_reservation(call.region, id));
  xml::put_success(call.answer);
  return {};
}

Answer<void> describe_capacity_reservations(ActionCall& call) {
  const Catalogue<SeenReservation> catalogue{"CapacityReservationId", capacity_reservation_ids,
                                             reservation_filters,     "capacityReservationSet",
                                             write_reservation,       {.least = 1, .most = 1000}};
  return describe(call, catalogue, call.region.reservations,
                  [&](const CapacityReservation& reservation) {
                    return is_there(reservation, call.seen)
                               ? std::optional<SeenReservation>({call.region, reservation})
                               : std::nullopt;
                  });
}

}  // namespace pitstop::sim::actions
