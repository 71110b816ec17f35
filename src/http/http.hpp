#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace pitstop {

/// Who signs a request, and for which service and region (AWS Signature Version 4).
struct AwsSignature {
  std::string service;
  std::string region;
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;  ///< empty for long-lived keys
  /// What is added to this host's time of day to have that of the service, by which it is dated.
  Milliseconds correction = Milliseconds(0);
};

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "POST";
  /// Its query, if any, must be canonical (see canonical_query): the signature is made over it as
  /// it stands.
  std::string url;
  std::vector<HttpHeader> headers;
  std::string body;
  std::optional<AwsSignature> signature;

  Milliseconds connect_timeout = Seconds(5);
  Milliseconds total_timeout = Seconds(30);
  std::size_t max_response_bytes = std::size_t{64} << 20;

  /// The request reaches the server once or not at all: it gets a connection of its own, because a
  /// kept connection that dies makes the transport send the request again by itself.
  bool at_most_once = false;

  /// Past any proxy that the environment names: for a service of the host itself, whose answers are
  /// nobody else's business.
  bool direct = false;
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;
  /// How far this host's clock is ahead of the server's (negative: behind), where that was measured
  /// and is much.
  std::optional<Duration> clock_is_ahead = {};

  /// The first header of that name (any case), or nothing.
  std::optional<std::string> header(std::string_view name) const;
};

/// The door to the network.
///
/// An answer of any status is a value. Errors: `transient` when the request certainly never left
/// (no connection), `unknown_fate` when it may have arrived (an answer that is lost, cut, late, no
/// HTTP or beyond the limit), `refused` when trying again cannot help (TLS verification, malformed
/// URL).
class Http {
 public:
  virtual ~Http() = default;
  virtual Task<Result<HttpResponse>> send(HttpRequest request) = 0;
};

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// "20260102T030405Z", as a signature is dated.
std::string signing_date(WallTime time);

/// Percent-encodes all but A-Z a-z 0-9 - _ . ~, in upper-case hexadecimal (RFC 3986, as SigV4
/// asks).
std::string percent_encoded(std::string_view text);
/// The same at the end of a text.
void append_percent_encoded(std::string& encoded, std::string_view text);

/// "a=1&b=2" sorted by key and value, every key with its "=": the form that signs right.
std::string canonical_query(QueryParameters parameters);

}  // namespace pitstop
