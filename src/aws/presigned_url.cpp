#include "aws/presigned_url.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "http/aws_signature.hpp"

namespace pitstop {
namespace {

struct Place {
  std::string_view host;
  std::string_view path;
};

Place place_of(std::string_view endpoint) {
  const auto scheme = endpoint.find("://");
  CHECK(scheme != std::string_view::npos);
  const auto rest = endpoint.substr(scheme + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  return {rest.substr(0, slash), slash == rest.size() ? "/" : rest.substr(slash)};
}

}  // namespace

std::string presigned_url(const AwsSignature& signature, std::string_view endpoint,
                          QueryParameters parameters, WallTime now, Seconds lasts) {
  const auto place = place_of(endpoint);
  const auto time = signing_date(now);
  const auto scope = signing_scope(signature, time);
  parameters.emplace_back("X-Amz-Algorithm", signing_algorithm);
  parameters.emplace_back("X-Amz-Credential", fmt::format("{}/{}", signature.access_key_id, scope));
  parameters.emplace_back("X-Amz-Date", time);
  parameters.emplace_back("X-Amz-Expires", std::to_string(lasts.count()));
  parameters.emplace_back("X-Amz-SignedHeaders", "host");
  if (!signature.session_token.empty()) {
    parameters.emplace_back("X-Amz-Security-Token", signature.session_token.reveal());
  }
  const auto query = canonical_query(std::move(parameters));
  const auto canonical =
      fmt::format("GET\n{}\n{}\nhost:{}\n\nhost\n{}", place.path, query, place.host, sha256_of(""));
  return fmt::format("{}{}?{}&X-Amz-Signature={}", endpoint, place.path == "/" ? "/" : "", query,
                     signature_of(canonical, signature, time));
}

}  // namespace pitstop
