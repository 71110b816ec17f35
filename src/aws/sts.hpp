#pragma once

#include <optional>
#include <string>

#include "aws/credential_doors.hpp"
#include "aws/credentials.hpp"

namespace pitstop {

/// A role, and how it is assumed.
struct RoleRequest {
  std::string role_arn;
  std::string session_name;
  std::optional<std::string> external_id = {};
  std::optional<Seconds> duration = {};  ///< the service's own, an hour, if absent
};

/// AWS Security Token Service (version 2011-06-15), as far as it gives credentials. Calls are made
/// again as their errors say, a few times.
///
/// Errors: `forbidden` if AWS does not allow it or does not know who asks, `throttled`, `transient`
/// (also for an answer that is not AWS's) or `refused`. They show AWS's code and message, without
/// any secret of the request.
class Sts {
 public:
  /// An endpoint that is an error is the error of every call.
  Sts(const CredentialDoors& doors, std::string region, Result<std::string> endpoint)
      : doors_(doors), region_(std::move(region)), endpoint_(std::move(endpoint)) {}

  /// AssumeRole, by somebody who has credentials.
  Task<Result<Credentials>> assume_role(RoleRequest role, Credentials who);

  /// AssumeRoleWithWebIdentity, by somebody who has a token of an identity provider.
  Task<Result<Credentials>> assume_role_with_web_identity(RoleRequest role, Secret token);

 private:
  struct Call;
  Task<Result<Credentials>> call(Call call);
  /// Once: the body of a success.
  Task<Result<std::string>> attempt(Call call);

  CredentialDoors doors_;
  std::string region_;
  Result<std::string> endpoint_;
};

}  // namespace pitstop
