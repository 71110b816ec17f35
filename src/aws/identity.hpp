#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/credential_chain.hpp"
#include "aws/endpoint.hpp"
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
  /// Reads the shared files and settles profile and region.
  static Result<Identity> load(IdentityOptions options, const Environment& environment);

  const std::string& region() const { return region_; }
  const std::string& profile() const { return profile_.name; }

  /// Where to send the requests of a service ("ec2"), without a slash at the end.
  Result<std::string> endpoint(std::string_view service) const;

  /// To be asked for each request, not kept: credentials may change.
  Task<Result<Credentials>> credentials();

  /// The same, as the signature that a request to `service` needs.
  Task<Result<AwsSignature>> signature(std::string service);

 private:
  explicit Identity(CredentialChain chain) : chain_(std::move(chain)) {}

  std::optional<std::string> endpoint_url_;
  Environment environment_;
  Profile profile_;
  ConfigSections services_;
  std::string region_;
  CredentialChain chain_;
};

}  // namespace pitstop
