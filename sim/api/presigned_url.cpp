#include "sim/api/presigned_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace pitstop::sim {
namespace {

constexpr int longest_life = 7 * 24 * 60 * 60;

bool has_only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

std::unexpected<ApiError> wrong_url(std::string why) {
  return refuse("InvalidParameterValue",
                fmt::format("Value for parameter PresignedUrl is invalid. {}", why));
}

std::unexpected<ApiError> wrong_part(std::string_view name, std::string_view value,
                                     std::string_view expected) {
  return wrong_url(fmt::format("{} is '{}', expected {}", name, printable(value), expected));
}

/// "20260102T030405Z"
bool is_timestamp(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  return text.size() == 16 && has_only(text.substr(0, 8), digits) && text[8] == 'T' &&
         has_only(text.substr(9, 6), digits) && text[15] == 'Z';
}

/// "KEY/20260102/us-east-1/ec2/aws4_request"
Answer<void> check_scope(const PresignedUrl& url, const std::string& region) {
  const auto date = url.parameter("X-Amz-Date");
  if (!is_timestamp(date)) {
    return wrong_part("X-Amz-Date", date, "a time such as 20260102T030405Z");
  }
  const auto credential = url.parameter("X-Amz-Credential");
  const auto scope = fmt::format("/{}/{}/ec2/aws4_request", date.substr(0, 8), region);
  if (credential.size() <= scope.size() || !credential.ends_with(scope)) {
    return wrong_part("X-Amz-Credential", credential, "a key for the scope " + scope);
  }
  return {};
}

Answer<void> check_form_of_signature(const PresignedUrl& url) {
  const auto expires = url.parameter("X-Amz-Expires");
  const auto life = whole_number(expires);
  if (!life || *life < 1 || *life > longest_life) {
    return wrong_part("X-Amz-Expires", expires, fmt::format("1 to {} seconds", longest_life));
  }
  const auto names = url.parameter("X-Amz-SignedHeaders");
  if (!contains(split(names, ';'), "host")) {
    return wrong_part("X-Amz-SignedHeaders", names, "host among them");
  }
  const auto signature = url.parameter("X-Amz-Signature");
  constexpr std::size_t digits = 64;
  if (signature.size() != digits || !has_only(signature, "0123456789abcdef")) {
    return wrong_part("X-Amz-Signature", signature, fmt::format("{} digits 0-9 a-f", digits));
  }
  return {};
}

}  // namespace

std::string PresignedUrl::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

std::optional<PresignedUrl> parse_presigned_url(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) {
      continue;
    }
    const auto rest = url.substr(scheme.size());
    const auto host_end = std::min(rest.find_first_of("/?"), rest.size());
    const auto query = std::min(rest.find('?'), rest.size());
    PresignedUrl parsed{.host = std::string(rest.substr(0, host_end)),
                        .target = std::string(rest.substr(host_end)),
                        .parameters = parse_form(rest.substr(std::min(query + 1, rest.size())))};
    if (!parsed.target.starts_with('/')) {
      parsed.target.insert(0, 1, '/');
    }
    return parsed.host.empty() ? std::nullopt : std::optional(std::move(parsed));
  }
  return std::nullopt;
}

Answer<void> check_presigned_copy(std::string_view text, const CopyAtSource& copy) {
  const auto url = parse_presigned_url(text);
  if (!url) {
    return wrong_url(fmt::format("'{}' is no URL", printable(text)));
  }
  const auto same = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"Action", "CopySnapshot"},
      {"Version", "2016-11-15"},
      {"SourceRegion", copy.source_region},
      {"SourceSnapshotId", copy.snapshot},
      {"DestinationRegion", copy.destination_region},
      {"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
  });
  for (const auto& [name, expected] : same) {
    if (url->parameter(name) != expected) {
      return wrong_part(name, url->parameter(name), expected);
    }
  }
  TRY_STATUS(check_scope(*url, copy.source_region));
  return check_form_of_signature(*url);
}

}  // namespace pitstop::sim
