#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/profile.hpp"
#include "aws/service.hpp"
#include "aws/shared_files.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

/// All that may say where a service is.
struct EndpointSettings {
  const std::optional<std::string>& flag;  ///< --endpoint-url, for every service
  const Environment& environment;
  const Profile& profile;
  const ConfigSections& services;  ///< [services NAME], for profiles that say services = NAME
};

/// The URL of a service in a region, without a slash at its end. In this order: --endpoint-url,
/// AWS_ENDPOINT_URL_EC2 (or whatever the service is), AWS_ENDPOINT_URL, the profile's services
/// section, its endpoint_url, and AWS's own endpoint, of the variant that is set.
/// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS leaves the first and the last.
Result<std::string> choose_endpoint(const Service& service, std::string_view region,
                                    const EndpointSettings& settings);

}  // namespace pitstop
