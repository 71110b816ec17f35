#pragma once

#include <memory>

#include "aws/credential_doors.hpp"
#include "aws/credentials.hpp"
#include "aws/metadata_settings.hpp"

namespace pitstop {

/// The role of the EC2 instance that we run on, from the instance metadata service. No service, or
/// no role, is nothing.
///
/// When the service fails later, credentials that have expired are given on for a while: AWS takes
/// them then ("static stability" of the SDKs).
std::unique_ptr<CredentialSource> instance_role(Result<MetadataSettings> settings,
                                                const CredentialDoors& doors);

}  // namespace pitstop
