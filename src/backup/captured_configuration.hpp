#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/configuration_tags.hpp"
#include "base/result.hpp"
#include "ec2/instances.hpp"
#include "ec2/model.hpp"

/// What a restore needs to know about a server, as JSON, which the tags of its snapshots carry: EC2
/// knows of a backup without the journal. User data is never captured: it may hold secrets, and
/// whoever may list snapshots may read tags.
namespace pitstop {

/// The configuration as one line of JSON. `volumes` are those of the backup; devices come from the
/// instance.
std::string capture_configuration(const ec2::Instance& instance,
                                  const ec2::LaunchSettings& attributes,
                                  const std::vector<ec2::Volume>& volumes);

/// A server as it was when it was backed up. Of its volumes those that were backed up.
struct CapturedServer {
  ec2::Instance instance;
  ec2::LaunchSettings attributes;
  std::vector<ec2::Volume> volumes;
};

/// The other way round. An error, of kind `refused`, if a field makes no sense, or it was captured
/// by a newer pitstop.
Result<CapturedServer> read_configuration(const std::string& json);

struct CapturedVolume {
  VolumeId volume;
  std::string device;
};

/// The volumes that a configuration tells of; none if it cannot be read.
std::vector<CapturedVolume> captured_volumes(const std::string& json);

}  // namespace pitstop
