#pragma once

#include <string>

#include "base/bounded_json.hpp"
#include "base/result.hpp"
#include "ec2/model.hpp"

/// How the configuration of a server lies in the tags of its snapshots: JSON, deflated, in base64,
/// cut into the tags `pitstop:config.1`, `pitstop:config.2`, …. Deflate carries a checksum, so a
/// part that is missing or altered is noticed.
namespace pitstop {

/// The limits of that JSON. Tags hold 12 kB of it, and whoever may write tags may write others. A
/// server with 128 volumes and the longest tags needs less than half of that, and nests four deep.
inline constexpr JsonLimits configuration_limits{.bytes = std::size_t{256} << 10, .depth = 16};

/// Returns the tags that carry the JSON text of a configuration.
ec2::Tags pack_configuration(const std::string& json);

/// Returns the JSON text from a snapshot's tags. An error, of kind `refused`, if a part is missing
/// or damaged, or the text is beyond `configuration_limits`.
Result<std::string> unpack_configuration(const ec2::Tags& tags);

}  // namespace pitstop
