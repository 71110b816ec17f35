#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/http.hpp"

/// AWS Signature Version 4 ("Create a signed AWS API request", IAM User Guide).
namespace pitstop {

inline constexpr auto signing_algorithm = "AWS4-HMAC-SHA256";

/// In lower-case hexadecimal.
std::string sha256_of(std::string_view text);

/// "20260102/us-east-1/ec2/aws4_request"; `date` is "20260102T030405Z".
std::string signing_scope(const AwsSignature& who, std::string_view date);

/// The signature, in lower-case hexadecimal, of a request in its canonical form.
std::string signature_of(std::string_view canonical_request, const AwsSignature& who,
                         std::string_view date);

/// The headers that sign a request, all of whose own headers are signed, too: Host, X-Amz-Date,
/// X-Amz-Security-Token where there is a token, and Authorization.
std::vector<HttpHeader> signing_headers(const HttpRequest& request, const AwsSignature& who,
                                        WallTime now);

}  // namespace pitstop
