#pragma once

#include "sim/cloud/region.hpp"

namespace pitstop::sim {

/// The allocation id of a new Elastic IP.
std::string allocate_address(Region& region, Tags tags);

/// Moves the address to the instance; the association id.
Answer<std::string> associate_address(Region& region, const std::string& allocation,
                                      const InstanceId& instance);
Answer<void> disassociate_address(Region& region, const std::string& association);
Answer<void> release_address(Region& region, const std::string& allocation);

/// The Elastic IP of an instance; nothing if it has none.
const Address* address_of(const Region& region, const InstanceId& instance);

/// A public IPv4 address that nobody has.
std::string new_public_ip(Region& region);

}  // namespace pitstop::sim
