#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/tagging.hpp"
#include "sim/cloud/addresses.hpp"
#include "sim/cloud/instances.hpp"

namespace pitstop::sim::actions {
namespace {

struct SeenAddress {
  const Region& region;
  const Address& address;

  const Tags& tags() const { return address.tags; }
  /// That it is associated with; nothing if there is none.
  const Instance* instance() const {
    const auto found = region.instances.find(address.instance.value_or(InstanceId()));
    return found == region.instances.end() ? nullptr : &found->second;
  }
};

/// Offers a text of the instance that the address belongs to, if it does.
template <class Text>
void offer_of_instance(const SeenAddress& seen, Match& match, Text text) {
  if (const auto* instance = seen.instance()) {
    match.offer(text(*instance));
  }
}

constexpr auto address_filters = std::to_array<FilterRow<SeenAddress>>({
    {"allocation-id", [](const auto& a, auto& m) { m.offer(a.address.allocation); }},
    {"association-id", [](const auto& a, auto& m) { m.offer(a.address.association); }},
    {"instance-id",
     [](const auto& a, auto& m) {
       offer_of_instance(a, m, [](const Instance& i) { return i.id.str(); });
     }},
    {"network-border-group", [](const auto& a, auto& m) { m.offer(a.region.name); }},
    {"network-interface-id",
     [](const auto& a, auto& m) {
       offer_of_instance(a, m, [](const Instance& i) { return i.network_interface; });
     }},
    {"private-ip-address",
     [](const auto& a, auto& m) {
       offer_of_instance(a, m, [](const Instance& i) { return i.settings.private_ip; });
     }},
    {"public-ip", [](const auto& a, auto& m) { m.offer(a.address.public_ip); }},
});

void write_address(xml::Element item, const SeenAddress& seen) {
  xml::put(item, "publicIp", seen.address.public_ip);
  xml::put(item, "allocationId", seen.address.allocation);
  xml::put(item, "domain", "vpc");
  xml::put(item, "publicIpv4Pool", "amazon");
  xml::put(item, "networkBorderGroup", seen.region.name);
  if (const auto* instance = seen.instance()) {
    xml::put(item, "instanceId", instance->id.str());
    xml::put(item, "associationId", seen.address.association);
    xml::put(item, "networkInterfaceId", instance->network_interface);
    xml::put(item, "networkInterfaceOwnerId", seen.region.account);
    xml::put(item, "privateIpAddress", instance->settings.private_ip);
  }
  xml::put_tags(item, seen.address.tags);
}

/// The instance by its id, or by that of its network interface.
Answer<InstanceId> find_target(const Region& region, const std::string& instance,
                               const std::string& network_interface) {
  if (!instance.empty()) {
    return InstanceId(instance);
  }
  const auto found = std::ranges::find_if(region.instances, [&](const auto& each) {
    return each.second.network_interface == network_interface;
  });
  if (found == region.instances.end()) {
    return not_found(network_interface_ids, {network_interface});
  }
  return found->first;
}

Answer<std::string> read_allocation(FormReader& form) {
  TRY(auto id, form.required("AllocationId"));
  TRY_STATUS(check_id(allocation_ids, id));
  return id;
}

}  // namespace

Answer<void> allocate_address(ActionCall& call) {
  TRY_STATUS(call.form.choice("Domain", {"vpc"}));
  TRY(auto tags, read_tag_specifications(call.form, {"elastic-ip"}));
  TRY_STATUS(call.admit());
  const auto id = sim::allocate_address(call.region, std::move(tags["elastic-ip"]));
  const auto& address = call.region.addresses.at(id);
  xml::put(call.answer, "publicIp", address.public_ip);
  xml::put(call.answer, "domain", "vpc");
  xml::put(call.answer, "allocationId", id);
  xml::put(call.answer, "publicIpv4Pool", "amazon");
  xml::put(call.answer, "networkBorderGroup", call.region.name);
  return {};
}

Answer<void> associate_address(ActionCall& call) {
  TRY(const auto allocation, read_allocation(call.form));
  const auto instance = call.form.text("InstanceId");
  const auto network_interface = call.form.text("NetworkInterfaceId");
  TRY(const bool may_move, call.form.boolean("AllowReassociation"));
  if (instance.empty() == network_interface.empty()) {
    return refuse("InvalidParameterCombination",
                  "Either an instance or a network interface must be specified");
  }
  if (!instance.empty()) {
    TRY_STATUS(check_id(instance_ids, instance));
  }
  TRY_STATUS(call.admit());
  TRY(const auto target, find_target(call.region, instance, network_interface));
  const auto address = call.region.addresses.find(allocation);
  if (address != call.region.addresses.end() && address->second.instance &&
      address->second.instance != target && !may_move) {
    return refuse("Resource.AlreadyAssociated",
                  fmt::format("resource {} is already associated with associate-id {}", allocation,
                              address->second.association));
  }
  TRY(const auto association, sim::associate_address(call.region, allocation, target));
  xml::put_success(call.answer);
  xml::put(call.answer, "associationId", association);
  return {};
}

Answer<void> disassociate_address(ActionCall& call) {
  TRY(const auto association, call.form.required("AssociationId"));
  TRY_STATUS(call.admit());
  TRY_STATUS(sim::disassociate_address(call.region, association));
  xml::put_success(call.answer);
  return {};
}

Answer<void> release_address(ActionCall& call) {
  TRY(const auto allocation, read_allocation(call.form));
  TRY_STATUS(call.form.choice("NetworkBorderGroup", {call.region.name}));
  TRY_STATUS(call.admit());
  TRY_STATUS(sim::release_address(call.region, allocation));
  xml::put_success(call.answer);
  return {};
}

Answer<void> describe_addresses(ActionCall& call) {
  const Catalogue<SeenAddress> catalogue{"AllocationId", allocation_ids, address_filters,
                                         "addressesSet", write_address,  {.most = 0}};
  const auto asked_ips = call.form.list("PublicIp");
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  for (const auto& ip : asked_ips) {
    if (std::ranges::none_of(call.region.addresses,
                             [&](const auto& each) { return each.second.public_ip == ip; })) {
      return refuse("InvalidAddress.NotFound",
                    fmt::format("Address '{}' not found.", printable(ip)));
    }
  }
  auto set = call.answer.append_child(catalogue.set);
  return for_each_asked(
      call, catalogue, inquiry, call.region.addresses,
      [&](const Address& address) { return std::optional<SeenAddress>({call.region, address}); },
      [&](const SeenAddress& seen) {
        if (asked_ips.empty() || contains(asked_ips, seen.address.public_ip)) {
          write_address(set.append_child("item"), seen);
        }
      });
}

}  // namespace pitstop::sim::actions
