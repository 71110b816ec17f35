#pragma once

#include <memory>
#include <string>

#include "aws/credential_doors.hpp"
#include "aws/credentials.hpp"
#include "aws/profile.hpp"
#include "base/environment.hpp"

namespace pitstop {

/// What says which sources of credentials there are.
struct CredentialSettings {
  const Profile& profile;
  const SharedFiles& files;
  const Environment& environment;
  const std::string& region;  ///< where STS is asked
};

/// The sources for a profile, in the order in which botocore asks them.
std::unique_ptr<CredentialSource> usual_sources(const CredentialSettings& settings,
                                                const CredentialDoors& doors);

}  // namespace pitstop
