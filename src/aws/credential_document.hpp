#pragma once

#include <string_view>

#include "aws/credentials.hpp"

namespace pitstop {

/// How a document of JSON calls the token, and what it cannot do without.
struct CredentialDocument {
  std::string_view token = "Token";
  bool is_temporary = true;  ///< then token and expiry must be there
};

/// Reads AccessKeyId, SecretAccessKey, the token and Expiration from JSON, as credential processes,
/// containers and the instance metadata service write them. No error shows any of what is read; it
/// is `transient`, for somebody else may have answered.
Result<Credentials> read_credentials(std::string_view json, CredentialDocument document);

/// Checks that an answer has both keys, and that they can be sent; else `transient`.
Result<Credentials> checked(Credentials credentials);

}  // namespace pitstop
