#include "sim/cloud/addresses.hpp"

#include <fmt/format.h>

#include "base/result.hpp"
#include "sim/cloud/instances.hpp"

namespace pitstop::sim {
namespace {

std::unexpected<ApiError> no_such_allocation(const std::string& allocation) {
  return refuse("InvalidAllocationID.NotFound",
                fmt::format("The allocation ID '{}' does not exist", allocation));
}

}  // namespace

std::string new_public_ip(Region& region) {
  // 198.18.0.0/15 is set aside for benchmarks (RFC 2544): nobody's address.
  const auto drawn = region.random.next();
  return fmt::format("198.{}.{}.{}", 18 + (drawn >> 16 & 1), drawn >> 8 & 0xff,
                     1 + (drawn & 0xff) % 254);
}

std::string allocate_address(Region& region, Tags tags) {
  Address address;
  address.allocation = region.new_id("eipalloc");
  address.public_ip = new_public_ip(region);
  address.tags = std::move(tags);
  const auto allocation = address.allocation;
  region.addresses.emplace(allocation, std::move(address));
  return allocation;
}

Answer<std::string> associate_address(Region& region, const std::string& allocation,
                                      const InstanceId& instance) {
  const auto found = region.addresses.find(allocation);
  if (found == region.addresses.end()) {
    return no_such_allocation(allocation);
  }
  TRY(auto* const server, find_instance(region, instance));
  // As seen in hashicorp/terraform-provider-aws#3072.
  if (const auto state = server->state(); state == InstanceState::pending ||
                                          state == InstanceState::shutting_down ||
                                          state == InstanceState::terminated) {
    return refuse("InvalidInstanceID",
                  fmt::format("The {} instance '{}' is not in a valid state for this operation.",
                              to_string(state), instance.str()));
  }
  for (auto& [other, address] : region.addresses) {
    if (address.instance == instance) {
      address.instance.reset();
      address.association.clear();
    }
  }
  found->second.instance = instance;
  found->second.association = region.new_id("eipassoc");
  server->public_ip.clear();
  return found->second.association;
}

Answer<void> disassociate_address(Region& region, const std::string& association) {
  for (auto& [allocation, address] : region.addresses) {
    if (!association.empty() && address.association == association) {
      address.instance.reset();
      address.association.clear();
      return {};
    }
  }
  return refuse("InvalidAssociationID.NotFound",
                fmt::format("The association ID '{}' does not exist", association));
}

Answer<void> release_address(Region& region, const std::string& allocation) {
  const auto found = region.addresses.find(allocation);
  if (found == region.addresses.end()) {
    return no_such_allocation(allocation);
  }
  if (found->second.instance) {
    return refuse("InvalidIPAddress.InUse",
                  fmt::format("The address {} is in use.", found->second.public_ip));
  }
  region.addresses.erase(found);
  return {};
}

const Address* address_of(const Region& region, const InstanceId& instance) {
  for (const auto& [allocation, address] : region.addresses) {
    if (address.instance == instance) {
      return &address;
    }
  }
  return nullptr;
}

}  // namespace pitstop::sim
