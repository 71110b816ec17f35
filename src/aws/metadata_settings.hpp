#pragma once

#include <string>

#include "aws/profile.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace pitstop {

/// Where the instance metadata service (IMDS) is, and how it is asked.
struct MetadataSettings {
  std::string endpoint = "http://169.254.169.254";  ///< without a slash at its end
  bool disabled = false;
  bool v1_disabled = false;  ///< then nothing is asked without a token
  Milliseconds timeout = Seconds(1);
  int attempts = 1;
};

/// AWS_EC2_METADATA_SERVICE_ENDPOINT, …_ENDPOINT_MODE (IPv4, IPv6), AWS_EC2_METADATA_V1_DISABLED,
/// AWS_METADATA_SERVICE_TIMEOUT (seconds) and AWS_METADATA_SERVICE_NUM_ATTEMPTS, each of them else
/// from the profile (ec2_metadata_service_endpoint, …); and AWS_EC2_METADATA_DISABLED.
Result<MetadataSettings> metadata_settings(const Environment& environment, const Profile& profile);

}  // namespace pitstop
