#pragma once

#include "base/secret.hpp"
#include "http/http.hpp"
#include "sim/front/authorization.hpp"

/// AWS Signature Version 4 from the side of the service, after AWS's specification ("Create a
/// signed AWS API request", IAM User Guide). The client's signer is another one, so that each can
/// find the other's mistakes.
namespace pitstop::sim {

struct AccessKey {
  std::string id;
  Secret secret;
};

/// Every one of that name (any case), in their order.
std::vector<std::string_view> headers_named(const HttpRequest& request, std::string_view name);

/// Step 1: the request in the one form that is signed. The request's `url` is its target ("/?a=b").
std::string canonical_request(const HttpRequest& request,
                              const std::vector<std::string>& signed_headers);

/// Step 2; `timestamp` is "20260102T030405Z".
std::string string_to_sign(std::string_view canonical, std::string_view timestamp,
                           const Authorization& authorization);

/// Steps 3 and 4, in lower-case hexadecimal.
std::string signature_of(std::string_view text, const Authorization& authorization,
                         const Secret& secret);

/// Whether the owner of the key signed this request, less than five minutes ago. `now` is the real
/// time of day. Else AuthFailure (another key), SignatureDoesNotMatch, RequestExpired, or
/// IncompleteSignature (host or x-amz-date are missing or not signed).
Answer<void> verify(const HttpRequest& request, const Authorization& authorization,
                    const AccessKey& key, WallTime now);

/// The same of a URL that is a request by itself ("https://host/?Action=…&X-Amz-Signature=…"),
/// which says for how long it is good. What is no URL is left to those who want one.
Answer<void> verify_presigned(std::string_view url, const AccessKey& key, WallTime now);

}  // namespace pitstop::sim
