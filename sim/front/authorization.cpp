#include "sim/front/authorization.hpp"

#include <fmt/format.h>

#include <map>

#include "base/text.hpp"

namespace pitstop::sim {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::unexpected<ApiError> incomplete(std::string message) {
  return refuse("IncompleteSignature", std::move(message));
}

/// "Credential=…, SignedHeaders=…, Signature=…"; some clients leave out the space.
std::map<std::string_view, std::string_view> parts_of(std::string_view text) {
  std::map<std::string_view, std::string_view> parts;
  for (const auto part : split(text, ',')) {
    const auto whole = trimmed(part);
    const auto equals = whole.find('=');
    if (equals != std::string_view::npos) {
      parts.emplace(whole.substr(0, equals), whole.substr(equals + 1));
    }
  }
  return parts;
}

Answer<void> read_credential(std::string_view credential, Authorization& authorization) {
  const auto parts = split(credential, '/');
  if (parts.size() != 5 || parts[4] != "aws4_request" || parts[0].empty()) {
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/aws4_request, got " +
        in_quotes(credential));
  }
  authorization.access_key = parts[0];
  authorization.date = parts[1];
  authorization.region = parts[2];
  authorization.service = parts[3];
  return {};
}

}  // namespace

std::string Authorization::scope() const {
  return fmt::format("{}/{}/{}/aws4_request", date, region, service);
}

Answer<Authorization> parse_authorization(std::string_view header) {
  const auto text = trimmed(header);
  if (!text.starts_with(algorithm)) {
    return incomplete(
        fmt::format("Unsupported AWS 'algorithm': this service knows {} only", algorithm));
  }
  const auto parts = parts_of(text.substr(algorithm.size()));
  for (const auto* name : {"Credential", "SignedHeaders", "Signature"}) {
    if (!parts.contains(name)) {
      return incomplete(fmt::format("Authorization header requires '{}' parameter.", name));
    }
  }
  Authorization authorization;
  if (auto read = read_credential(parts.at("Credential"), authorization); !read) {
    return std::unexpected(std::move(read).error());
  }
  for (const auto name : split(parts.at("SignedHeaders"), ';')) {
    authorization.signed_headers.push_back(lower_case(name));
  }
  authorization.signature = parts.at("Signature");
  return authorization;
}

}  // namespace pitstop::sim
