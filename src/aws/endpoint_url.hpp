#pragma once

#include <string>

#include "aws/setting.hpp"
#include "base/result.hpp"

namespace pitstop {

/// Checks a URL that somebody has set in place of AWS's own: http or https, a host, perhaps a port
/// and a path, and nothing else. It comes back without a slash at its end.
Result<std::string> parse_endpoint_url(const Setting& setting);

}  // namespace pitstop
