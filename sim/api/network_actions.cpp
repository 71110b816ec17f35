#include <fmt/format.h>

#include <array>

#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/instance_view.hpp"
#include "sim/api/network.hpp"

namespace pitstop::sim::actions {
namespace {

/// None of these has tags.
const Tags no_tags;

struct SeenVpc {
  const Region& region;

  const Tags& tags() const { return no_tags; }
};

constexpr auto vpc_filters = std::to_array<FilterRow<SeenVpc>>({
    {"cidr", [](const auto&, auto& m) { m.offer(vpc_cidr); }},
    {"is-default", [](const auto&, auto& m) { m.offer_boolean(true); }},
    {"owner-id", [](const auto& v, auto& m) { m.offer(v.region.account); }},
    {"state", [](const auto&, auto& m) { m.offer("available"); }},
    {"vpc-id", [](const auto& v, auto& m) { m.offer(vpc_id(v.region)); }},
});

void write_vpc(xml::Element item, const SeenVpc& seen) {
  xml::put(item, "vpcId", vpc_id(seen.region));
  xml::put(item, "ownerId", seen.region.account);
  xml::put(item, "state", "available");
  xml::put(item, "cidrBlock", vpc_cidr);
  xml::put(item, "instanceTenancy", "default");
  xml::put_boolean(item, "isDefault", true);
}

struct SeenSubnet {
  const Region& region;
  Subnet subnet;

  const Tags& tags() const { return no_tags; }
};

constexpr auto subnet_filters = std::to_array<FilterRow<SeenSubnet>>({
    {"availability-zone", [](const auto& s, auto& m) { m.offer(s.subnet.zone); }},
    {"availability-zone-id", [](const auto& s, auto& m) { m.offer(zone_id(s.subnet.zone)); }},
    {"cidr-block", [](const auto& s, auto& m) { m.offer(s.subnet.cidr); }},
    {"default-for-az", [](const auto&, auto& m) { m.offer_boolean(true); }},
    {"map-public-ip-on-launch", [](const auto&, auto& m) { m.offer_boolean(false); }},
    {"owner-id", [](const auto& s, auto& m) { m.offer(s.region.account); }},
    {"state", [](const auto&, auto& m) { m.offer("available"); }},
    {"subnet-id", [](const auto& s, auto& m) { m.offer(s.subnet.id); }},
    {"vpc-id", [](const auto& s, auto& m) { m.offer(vpc_id(s.region)); }},
});

void write_subnet(xml::Element item, const SeenSubnet& seen) {
  xml::put(item, "subnetId", seen.subnet.id);
  xml::put(item, "subnetArn",
           fmt::format("arn:aws:ec2:{}:{}:subnet/{}", seen.region.name, seen.region.account,
                       seen.subnet.id));
  xml::put(item, "vpcId", vpc_id(seen.region));
  xml::put(item, "ownerId", seen.region.account);
  xml::put(item, "state", "available");
  xml::put(item, "cidrBlock", seen.subnet.cidr);
  xml::put(item, "availabilityZone", seen.subnet.zone);
  xml::put(item, "availabilityZoneId", zone_id(seen.subnet.zone));
  xml::put_number(item, "availableIpAddressCount", 4091);
  xml::put_boolean(item, "defaultForAz", true);
  xml::put_boolean(item, "mapPublicIpOnLaunch", false);
  xml::put_boolean(item, "assignIpv6AddressOnCreation", false);
}

struct SeenGroup {
  const Region& region;

  const Tags& tags() const { return no_tags; }
};

constexpr std::string_view group_description = "default VPC security group";

constexpr auto group_filters = std::to_array<FilterRow<SeenGroup>>({
    {"description", [](const auto&, auto& m) { m.offer(group_description); }},
    {"group-id", [](const auto& g, auto& m) { m.offer(security_group_id(g.region)); }},
    {"group-name", [](const auto&, auto& m) { m.offer("default"); }},
    {"owner-id", [](const auto& g, auto& m) { m.offer(g.region.account); }},
    {"vpc-id", [](const auto& g, auto& m) { m.offer(vpc_id(g.region)); }},
});

void write_group(xml::Element item, const SeenGroup& seen) {
  const auto& region = seen.region;
  const auto id = security_group_id(region);
  xml::put(item, "groupId", id);
  xml::put(item, "groupName", "default");
  xml::put(item, "groupDescription", group_description);
  xml::put(item, "ownerId", region.account);
  xml::put(item, "vpcId", vpc_id(region));
  xml::put(item, "securityGroupArn",
           fmt::format("arn:aws:ec2:{}:{}:security-group/{}", region.name, region.account, id));
  auto from = item.append_child("ipPermissions").append_child("item");
  xml::put(from, "ipProtocol", "-1");
  auto source = from.append_child("groups").append_child("item");
  xml::put(source, "userId", region.account);
  xml::put(source, "groupId", id);
  auto to = item.append_child("ipPermissionsEgress").append_child("item");
  xml::put(to, "ipProtocol", "-1");
  xml::put(to.append_child("ipRanges").append_child("item"), "cidrIp", "0.0.0.0/0");
}

struct SeenInterface {
  SeenInstance seen;

  const Tags& tags() const { return no_tags; }
};

const InstanceSettings& settings(const SeenInterface& each) {
  return each.seen.instance.settings;
}

constexpr auto interface_filters = std::to_array<FilterRow<SeenInterface>>({
    {"addresses.private-ip-address",
     [](const auto& i, auto& m) { m.offer(settings(i).private_ip); }},
    {"association.public-ip", [](const auto& i, auto& m) { m.offer(i.seen.public_ip()); }},
    {"attachment.device-index", [](const auto&, auto& m) { m.offer_number(0); }},
    {"attachment.instance-id", [](const auto& i, auto& m) { m.offer(i.seen.instance.id.str()); }},
    {"attachment.status", [](const auto&, auto& m) { m.offer("attached"); }},
    {"availability-zone", [](const auto& i, auto& m) { m.offer(settings(i).zone); }},
    {"group-id",
     [](const auto& i, auto& m) {
       for (const auto& group : settings(i).security_groups) {
         m.offer(group);
       }
     }},
    {"interface-type", [](const auto&, auto& m) { m.offer("interface"); }},
    {"network-interface-id",
     [](const auto& i, auto& m) { m.offer(i.seen.instance.network_interface); }},
    {"owner-id", [](const auto& i, auto& m) { m.offer(i.seen.region.account); }},
    {"private-ip-address", [](const auto& i, auto& m) { m.offer(settings(i).private_ip); }},
    {"status", [](const auto&, auto& m) { m.offer("in-use"); }},
    {"subnet-id", [](const auto& i, auto& m) { m.offer(settings(i).subnet); }},
    {"vpc-id", [](const auto& i, auto& m) { m.offer(vpc_id(i.seen.region)); }},
});

void write_interface(xml::Element item, const SeenInterface& each) {
  write_network_interface(item, each.seen, ToldBy::describe_network_interfaces);
  xml::put(item, "availabilityZone", each.seen.instance.settings.zone);
  xml::put_boolean(item, "requesterManaged", false);
}

std::map<std::string, SeenInterface> interfaces(const Region& region, Instant when) {
  std::map<std::string, SeenInterface> all;
  for (const auto& [id, instance] : region.instances) {
    const auto seen = look_at(region, instance, when);
    if (seen && seen->is_connected()) {
      all.emplace(instance.network_interface, SeenInterface{*seen});
    }
  }
  return all;
}

/// All of them are there, whatever moment is seen.
template <class Thing>
std::optional<Thing> itself(const Thing& thing) {
  return thing;
}

}  // namespace

Answer<void> describe_vpcs(ActionCall& call) {
  const Catalogue<SeenVpc> catalogue{"VpcId", vpc_ids, vpc_filters, "vpcSet", write_vpc};
  const std::map<std::string, SeenVpc> all{{vpc_id(call.region), {call.region}}};
  return describe(call, catalogue, all, itself<SeenVpc>);
}

Answer<void> describe_subnets(ActionCall& call) {
  const Catalogue<SeenSubnet> catalogue{"SubnetId", subnet_ids, subnet_filters, "subnetSet",
                                        write_subnet};
  std::map<std::string, SeenSubnet> all;
  for (const auto& subnet : subnets(call.region)) {
    all.emplace(subnet.id, SeenSubnet{call.region, subnet});
  }
  return describe(call, catalogue, all, itself<SeenSubnet>);
}

Answer<void> describe_security_groups(ActionCall& call) {
  const Catalogue<SeenGroup> catalogue{"GroupId", security_group_ids, group_filters,
                                       "securityGroupInfo", write_group};
  for (const auto& name : call.form.list("GroupName")) {
    if (name != "default") {
      return not_found(security_group_ids, {name});
    }
  }
  const std::map<std::string, SeenGroup> all{{security_group_id(call.region), {call.region}}};
  return describe(call, catalogue, all, itself<SeenGroup>);
}

Answer<void> describe_network_interfaces(ActionCall& call) {
  const Catalogue<SeenInterface> catalogue{"NetworkInterfaceId", network_interface_ids,
                                           interface_filters, "networkInterfaceSet",
                                           write_interface};
  TRY_STATUS(call.form.boolean("IncludeManagedResources"));
  return describe(call, catalogue, interfaces(call.region, call.seen), itself<SeenInterface>);
}

}  // namespace pitstop::sim::actions
