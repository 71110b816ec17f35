#pragma once

#include <string_view>
#include <vector>

#include "backup/finding.hpp"
#include "backup/options.hpp"
#include "ec2/model.hpp"

/// Where a server stands, as far as EC2 offers less there than in a region.
namespace pitstop {

enum class ZoneKind { availability_zone, local_zone, wavelength_zone };

/// By the name of the zone: "us-east-1a", "us-west-2-lax-1a", "us-east-1-wl1-bos-wlz-1".
ZoneKind kind_of_zone(std::string_view zone);

/// Findings about a server on an Outpost, in a Local Zone or in a Wavelength Zone.
std::vector<Finding> look_at_location(const ec2::Instance& instance, const BackupOptions& options);

}  // namespace pitstop
