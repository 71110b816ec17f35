#pragma once

#include <optional>
#include <span>
#include <string>

#include "sim/api/filters.hpp"
#include "sim/api/xml.hpp"
#include "sim/cloud/region.hpp"

namespace pitstop::sim {

/// An instance as a describing call sees it.
struct SeenInstance {
  const Region& region;
  const Instance& instance;
  const StateChange& change;  ///< that led to the state that is seen

  const Tags& tags() const { return instance.tags; }
  InstanceState state() const { return change.state; }
  WallTime wall(Instant when) const { return region.schedule.wall(when); }
  /// Terminated ones have lost what connected them.
  bool is_connected() const { return state() != InstanceState::terminated; }

  std::string reservation() const;
  /// The Elastic IP, or the passing address; empty if there is none.
  std::string public_ip() const;
};

/// Nothing if it is not there then.
std::optional<SeenInstance> look_at(const Region& region, const Instance& instance, Instant seen);

std::span<const FilterRow<SeenInstance>> instance_filters();

/// <item> of <instancesSet>.
void write_instance(xml::Element item, const SeenInstance& seen);

/// <blockDeviceMapping>, and that of DescribeInstanceAttribute.
void write_block_devices(xml::Element parent, const SeenInstance& seen);

/// <groupSet>.
void write_security_groups(xml::Element parent, const SeenInstance& seen);

/// DescribeNetworkInterfaces tells more of an interface's attachment and association.
enum class ToldBy { describe_instances, describe_network_interfaces };

/// <item> of <networkInterfaceSet>; what both calls tell of one.
void write_network_interface(xml::Element item, const SeenInstance& seen, ToldBy call);

/// <metadataOptions>, and that of ModifyInstanceMetadataOptions.
void write_metadata_options(xml::Element parent, const char* name, const Instance& instance);

}  // namespace pitstop::sim
