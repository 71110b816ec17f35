#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/http.hpp"

namespace pitstop {

/// The URL of a GET whose signature stands in its query (AWS Signature Version 4, IAM User Guide,
/// "Authenticating Requests: Using Query Parameters"): whoever has it can make that one request,
/// until `lasts` is over.
///
/// The endpoint is "https://HOST", with a path if it has one.
std::string presigned_url(const AwsSignature& signature, std::string_view endpoint,
                          QueryParameters parameters, WallTime now, Seconds lasts);

}  // namespace pitstop
