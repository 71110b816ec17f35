#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/cloud/api_error.hpp"

namespace pitstop::sim {

/// What a signed request says about its signature: the header "Authorization: AWS4-HMAC-SHA256
/// Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=HEX".
struct Authorization {
  std::string access_key;
  std::string date;  ///< "20260102"
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;
  std::string signature;

  /// DATE/REGION/SERVICE/aws4_request
  std::string scope() const;
};

/// IncompleteSignature if it is none.
Answer<Authorization> parse_authorization(std::string_view header);

}  // namespace pitstop::sim
