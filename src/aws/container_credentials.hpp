#pragma once

#include <memory>

#include "aws/credential_doors.hpp"
#include "aws/credentials.hpp"
#include "base/environment.hpp"

namespace pitstop {

/// The credentials of a task of Amazon ECS or a pod of EKS, from the service that container_url
/// names. It is shown what the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE has, read each time,
/// else AWS_CONTAINER_AUTHORIZATION_TOKEN.
std::unique_ptr<CredentialSource> container_credentials(const Environment& environment,
                                                        const CredentialDoors& doors);

}  // namespace pitstop
