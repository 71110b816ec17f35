#include <fmt/format.h>

#include <array>

#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/network.hpp"

namespace pitstop::sim::actions {
namespace {

/// Those that every account has without asking.
constexpr auto usual_regions = std::to_array<std::string_view>({
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
});

struct Place {
  std::string name;    ///< of the region or the zone
  std::string region;  ///< its own, or that of the zone
};

std::string endpoint(const Place& place) {
  return fmt::format("ec2.{}.amazonaws.com", place.name);
}

constexpr std::string_view opt_in = "opt-in-not-required";

constexpr auto region_filters = std::to_array<FilterRow<Place>>({
    {"endpoint", [](const auto& p, auto& m) { m.offer(endpoint(p)); }},
    {"opt-in-status", [](const auto&, auto& m) { m.offer(opt_in); }},
    {"region-name", [](const auto& p, auto& m) { m.offer(p.name); }},
});

void write_region(xml::Element item, const Place& place) {
  xml::put(item, "regionName", place.name);
  xml::put(item, "regionEndpoint", endpoint(place));
  xml::put(item, "optInStatus", opt_in);
}

constexpr auto zone_filters = std::to_array<FilterRow<Place>>({
    {"group-name", [](const auto& p, auto& m) { m.offer(p.region); }},
    {"opt-in-status", [](const auto&, auto& m) { m.offer(opt_in); }},
    {"region-name", [](const auto& p, auto& m) { m.offer(p.region); }},
    {"state", [](const auto&, auto& m) { m.offer("available"); }},
    {"zone-id", [](const auto& p, auto& m) { m.offer(zone_id(p.name)); }},
    {"zone-name", [](const auto& p, auto& m) { m.offer(p.name); }},
    {"zone-type", [](const auto&, auto& m) { m.offer("availability-zone"); }},
});

void write_zone(xml::Element item, const Place& place) {
  xml::put(item, "zoneName", place.name);
  xml::put(item, "zoneId", zone_id(place.name));
  xml::put(item, "zoneState", "available");
  xml::put(item, "zoneType", "availability-zone");
  xml::put(item, "regionName", place.region);
  xml::put(item, "groupName", place.region);
  xml::put(item, "networkBorderGroup", place.region);
  xml::put(item, "optInStatus", opt_in);
  item.append_child("messageSet");
}

struct PlacementGroup {
  std::string name;
  std::string arn;
  std::string strategy;
};

constexpr auto placement_group_filters = std::to_array<FilterRow<PlacementGroup>>({
    {"group-arn", [](const auto& g, auto& m) { m.offer(g.arn); }},
    {"group-name", [](const auto& g, auto& m) { m.offer(g.name); }},
    {"state", [](const auto&, auto& m) { m.offer("available"); }},
    {"strategy", [](const auto& g, auto& m) { m.offer(g.strategy); }},
});

void write_placement_group(xml::Element item, const PlacementGroup& group) {
  xml::put(item, "groupName", group.name);
  xml::put(item, "state", "available");
  xml::put(item, "strategy", group.strategy);
  xml::put(item, "groupArn", group.arn);
}

/// No key pair was ever made.
struct KeyPair {
  Tags none;

  const Tags& tags() const { return none; }
};

constexpr auto key_pair_filters = std::to_array<FilterRow<KeyPair>>({
    {"fingerprint", [](const auto&, auto&) {}},
    {"key-name", [](const auto&, auto&) {}},
    {"key-pair-id", [](const auto&, auto&) {}},
});

std::optional<Place> as_it_is(const Place& place) {
  return place;
}

constexpr PageLimits no_pages{.least = 0, .most = 0};

}  // namespace

Answer<void> describe_regions(ActionCall& call) {
  const Catalogue<Place> catalogue{"RegionName", region_names, region_filters,
                                   "regionInfo", write_region, no_pages};
  TRY_STATUS(call.form.boolean("AllRegions"));
  std::map<std::string, Place> all;
  for (const auto name : usual_regions) {
    all.emplace(name, Place{std::string(name), std::string(name)});
  }
  all.emplace(call.region.name, Place{call.region.name, call.region.name});
  return describe(call, catalogue, all, as_it_is);
}

Answer<void> describe_availability_zones(ActionCall& call) {
  const Catalogue<Place> catalogue{"ZoneName", zone_names, zone_filters, "availabilityZoneInfo",
                                   write_zone, no_pages};
  TRY_STATUS(call.form.boolean("AllAvailabilityZones"));
  std::map<std::string, Place> all;
  for (const auto& zone : call.region.zones()) {
    all.emplace(zone, Place{zone, call.region.name});
  }
  return describe(call, catalogue, all, as_it_is);
}

Answer<void> describe_placement_groups(ActionCall& call) {
  const Catalogue<PlacementGroup> catalogue{
      "GroupName",         placement_group_names, placement_group_filters,
      "placementGroupSet", write_placement_group, no_pages};
  const auto& region = call.region;
  std::map<std::string, PlacementGroup> all;
  for (const auto& [name, strategy] : region.placement_groups) {
    all.emplace(name, PlacementGroup{name,
                                     fmt::format("arn:aws:ec2:{}:{}:placement-group/{}",
                                                 region.name, region.account, name),
                                     strategy});
  }
  return describe(call, catalogue, all,
                  [](const PlacementGroup& group) { return std::optional(group); });
}

Answer<void> describe_key_pairs(ActionCall& call) {
  const Catalogue<KeyPair> catalogue{"KeyName", key_pair_names,           key_pair_filters,
                                     "keySet",  [](auto, const auto&) {}, no_pages};
  TRY_STATUS(call.form.boolean("IncludePublicKey"));
  const std::map<std::string, KeyPair> none;
  return describe(call, catalogue, none, [](const KeyPair& pair) { return std::optional(pair); });
}

}  // namespace pitstop::sim::actions
