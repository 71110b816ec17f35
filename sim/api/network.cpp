#include "sim/api/network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace pitstop::sim {
namespace {

/// Ids of the same name are the same in every simulation.
std::string fixed_id(std::string_view prefix, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : name) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  }
  return fmt::format("{}-0{}", prefix, SeededRandom(hash).hex(16));
}

std::string with_dashes(std::string_view ip) {
  std::string text(ip);
  std::ranges::replace(text, '.', '-');
  return text;
}

/// The first four addresses of a subnet and its last one are Amazon's.
constexpr std::size_t first_address = 4;
constexpr std::size_t addresses_of_subnet = 4091;

/// "us-gov-west-1" becomes "usgw1".
std::string short_name(std::string_view region) {
  std::string name;
  for (const auto part : split(region, '-')) {
    if (name.empty()) {
      name = part;
    } else if (part.size() > 5 && (part.starts_with("north") || part.starts_with("south"))) {
      name += {part.front(), part[5]};
    } else {
      name += part.substr(0, 1);
    }
  }
  return name;
}

}  // namespace

std::string vpc_id(const Region& region) {
  return fixed_id("vpc", region.name);
}

std::string security_group_id(const Region& region) {
  return fixed_id("sg", region.name);
}

std::vector<Subnet> subnets(const Region& region) {
  std::vector<Subnet> all;
  for (auto& zone : region.zones()) {
    const auto third = all.size() * 16;
    all.push_back({fixed_id("subnet", zone), zone, third, fmt::format("172.31.{}.0/20", third)});
  }
  return all;
}

std::optional<Subnet> subnet_in_zone(const Region& region, std::string_view zone) {
  const auto all = subnets(region);
  const auto found = std::ranges::find(all, zone, &Subnet::zone);
  return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<Subnet> subnet_with_id(const Region& region, std::string_view id) {
  const auto all = subnets(region);
  const auto found = std::ranges::find(all, id, &Subnet::id);
  return found == all.end() ? std::nullopt : std::optional(*found);
}

std::string zone_id(std::string_view zone) {
  if (zone.empty()) {
    return {};
  }
  return fmt::format("{}-az{}", short_name(zone.substr(0, zone.size() - 1)), zone.back() - 'a' + 1);
}

std::string next_private_ip(const Region& region, const Subnet& subnet) {
  const auto number = first_address + region.instances.size() % addresses_of_subnet;
  return fmt::format("172.31.{}.{}", subnet.third + number / 256, number % 256);
}

bool is_ipv4(std::string_view text) {
  const auto parts = split(text, '.');
  return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
           unsigned number = 0;
           const char* end = part.data() + part.size();
           const auto read = std::from_chars(part.data(), end, number);
           return read.ec == std::errc{} && read.ptr == end && part.size() <= 3 && number <= 255;
         });
}

std::string private_dns_name(const Region& region, std::string_view ip) {
  if (ip.empty()) {
    return {};
  }
  return region.name == "us-east-1"
             ? fmt::format("ip-{}.ec2.internal", with_dashes(ip))
             : fmt::format("ip-{}.{}.compute.internal", with_dashes(ip), region.name);
}

std::string public_dns_name(const Region& region, std::string_view ip) {
  if (ip.empty()) {
    return {};
  }
  return region.name == "us-east-1"
             ? fmt::format("ec2-{}.compute-1.amazonaws.com", with_dashes(ip))
             : fmt::format("ec2-{}.{}.compute.amazonaws.com", with_dashes(ip), region.name);
}

std::string mac_address(const Region& region, const std::string& network_interface) {
  const auto drawn = region.chance_for(network_interface + "/mac").next();
  return fmt::format("02:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", drawn & 0xff, drawn >> 8 & 0xff,
                     drawn >> 16 & 0xff, drawn >> 24 & 0xff, drawn >> 32 & 0xff);
}

std::string interface_attachment_id(const Region& region, const std::string& network_interface) {
  auto chance = region.chance_for(network_interface + "/attachment");
  return fmt::format("eni-attach-0{}", chance.hex(16));
}

}  // namespace pitstop::sim
