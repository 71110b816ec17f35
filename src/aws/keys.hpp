#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "aws/service_caller.hpp"

namespace pitstop {

/// A key of KMS.
struct KmsKey {
  std::string arn;
  std::string state;  ///< "Enabled", "Disabled", "PendingDeletion", …
  /// What is encrypted with it can be used.
  bool enabled = false;
  /// One that AWS made for a service ("aws/ebs"), and nobody else can disable.
  bool managed_by_aws = false;
};

/// KMS (version 2014-11-01), as far as pitstop needs it. Calls are made again as ServiceCaller
/// does, until `patience` ends (that of the call, or the usual one).
class Keys {
 public:
  /// `attempt_timeout` is how long one attempt of a call may take.
  Keys(Http& http, Identity& identity, Clock& clock, Random& random, Milliseconds attempt_timeout,
       Duration patience);

  /// By its id, its ARN, its alias ("alias/NAME") or that one's ARN. A key of another account needs
  /// an ARN. `not_found` if there is none; `forbidden` as well, if the key's own policy hides it.
  Task<Result<KmsKey>> describe_key(std::string key, std::optional<Duration> patience = {});

  /// Whether these credentials may CreateGrant for a key of that ARN, without doing it (DryRun).
  /// `forbidden` also where a policy allows it to EC2 on their behalf alone, as it should: that
  /// cannot be tried from outside of EC2.
  Task<Status> may_create_grant(std::string arn, std::optional<Duration> patience = {});

 private:
  Task<Result<std::string>> call(const char* action, nlohmann::json request,
                                 std::optional<Duration> patience);

  ServiceCaller caller_;
};

}  // namespace pitstop
