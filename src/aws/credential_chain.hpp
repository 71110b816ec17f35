#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "aws/credentials.hpp"
#include "aws/profile.hpp"
#include "base/environment.hpp"

namespace pitstop {

/// Sources of credentials, asked in their order until one answers.
class CredentialChain {
 public:
  explicit CredentialChain(std::vector<std::unique_ptr<CredentialSource>> sources)
      : sources_(std::move(sources)) {}

  /// The first answer, which is remembered; `forbidden` if no source has one.
  Task<Result<Credentials>> credentials();

 private:
  std::vector<std::unique_ptr<CredentialSource>> sources_;
  std::optional<Credentials> found_;
};

/// The sources for a profile, in the order in which botocore and aws-cli ask them.
CredentialChain credential_chain(const Profile& profile, const SharedFiles& files,
                                 const Environment& environment);

}  // namespace pitstop
