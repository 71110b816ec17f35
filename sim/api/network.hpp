#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cloud/region.hpp"

/// The default VPC that an account has in each region, with a subnet in each zone and one security
/// group. Their ids come from the region's name alone; nobody can change them.
namespace pitstop::sim {

struct Subnet {
  std::string id;
  std::string zone;
  std::size_t third = 0;  ///< number of its first address: 172.31.16.0
  std::string cidr;
};

inline constexpr std::string_view vpc_cidr = "172.31.0.0/16";

std::string vpc_id(const Region& region);
std::string security_group_id(const Region& region);
std::vector<Subnet> subnets(const Region& region);
std::optional<Subnet> subnet_in_zone(const Region& region, std::string_view zone);
std::optional<Subnet> subnet_with_id(const Region& region, std::string_view id);

/// "use1-az1" for "us-east-1a".
std::string zone_id(std::string_view zone);

/// An address for the next instance of the subnet.
std::string next_private_ip(const Region& region, const Subnet& subnet);
/// Four numbers up to 255.
bool is_ipv4(std::string_view text);

/// "ip-172-31-0-4.ec2.internal".
std::string private_dns_name(const Region& region, std::string_view ip);
/// "ec2-198-18-0-1.compute-1.amazonaws.com".
std::string public_dns_name(const Region& region, std::string_view ip);

/// What hangs on a network interface and is made from its id.
std::string mac_address(const Region& region, const std::string& network_interface);
std::string interface_attachment_id(const Region& region, const std::string& network_interface);

}  // namespace pitstop::sim
