#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/credential_doors.hpp"
#include "aws/endpoint.hpp"
#include "aws/fresh_credentials.hpp"
#include "aws/instance_metadata.hpp"
#include "aws/sts.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "http/http.hpp"

namespace pitstop {

/// What a user can say on the command line.
struct IdentityOptions {
  std::optional<std::string> region;
  std::optional<std::string> profile;
  std::optional<std::string> endpoint_url;
};

/// Who pitstop is to AWS, in which region, and where AWS is: from the options, the environment and
/// the shared files, in the way of AWS's own tools.
class Identity {
 public:
  /// Reads the shared files and settles profile and region; asks nobody for credentials yet.
  static Result<Identity> load(IdentityOptions options, const Environment& environment,
                               const CredentialDoors& doors);

  /// The same in another region; --region is what an error speaks of. The two share their
  /// credentials.
  Result<Identity> in_region(const std::string& region) const;

  /// As a role of another account, which is assumed by this identity.
  Identity assuming(RoleRequest role, const CredentialDoors& doors) const;

  const std::string& region() const { return region_; }
  const std::string& profile() const { return profile_.name; }

  /// Where to send the requests of a service ("ec2"), without a slash at the end.
  Result<std::string> endpoint(std::string_view service) const;

  /// To be asked for each request, not kept: credentials may change.
  Task<Result<Credentials>> credentials();

  /// To be asked before something is begun that takes `needed`: fetches credentials anew unless
  /// those at hand are known to last so long. How long those last that it has then.
  Task<Result<Lifetime>> outlive(Duration needed);

  /// The time of day by the clock that the identity was loaded with.
  WallTime time() const { return clock_->wall(); }

  /// The EC2 instance that we run on; nothing if it is none, or does not say within a second.
  Task<std::optional<InstanceId>> own_instance();

  /// Valid credentials as the signature that a request to `service` needs.
  Task<Result<AwsSignature>> signature(std::string service);

  /// Sends a request to `service`, signed. Where AWS refuses who has signed it, the credentials are
  /// fetched anew from where they come, and with others it is sent again at once.
  Task<Result<HttpResponse>> send(Http& http, HttpRequest request, std::string service);

 private:
  Identity() = default;
  AwsSignature signed_by(Credentials credentials, std::string service) const;

  std::optional<std::string> endpoint_url_;
  Environment environment_;
  Profile profile_;
  ConfigSections services_;
  std::string region_;
  const Clock* clock_ = nullptr;
  std::shared_ptr<FreshCredentials> credentials_;
  std::shared_ptr<InstanceMetadata> metadata_;  ///< null if its settings make no sense
};

}  // namespace pitstop
