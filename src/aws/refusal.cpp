#include "aws/refusal.hpp"

#include <fmt/format.h>

#include <array>

#include "aws/aws_time.hpp"
#include "aws/json_error.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

/// No refusal of AWS's is longer, not even one that repeats the request.
constexpr std::size_t longest_refusal = std::size_t{256} << 10;

// "Common errors" of the API References of EC2, STS and the other services, and what botocore and
// the SDKs take for a wrong clock.
constexpr std::array clock_codes = std::to_array<std::string_view>(
    {"AuthFailure", "InvalidSecurity", "InvalidSecurity.RequestHasExpired",
     "InvalidSignatureException", "RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed",
     "SignatureDoesNotMatch"});

constexpr std::array other_credential_codes = std::to_array<std::string_view>(
    {"ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "IncompleteSignatureException",
     "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSecurityToken", "InvalidToken",
     "MissingAuthenticationToken", "MissingAuthenticationTokenException", "TokenRefreshRequired",
     "UnrecognizedClientException"});

/// The text of the first <Code>; those of EC2 and of the Query protocol stand at different depths.
std::string_view code_in_xml(std::string_view body) {
  constexpr std::string_view begin = "<Code>";
  const auto found = body.find(begin);
  if (found == std::string_view::npos) {
    return {};
  }
  const auto rest = body.substr(found + begin.size());
  return trimmed(rest.substr(0, rest.find('<')));
}

std::string_view without_side(std::string_view code) {
  constexpr std::string_view side = "Client.";
  return code.starts_with(side) ? code.substr(side.size()) : code;
}

}  // namespace

std::string refusal_code(const HttpResponse& response) {
  const bool refuses = response.status == 400 || response.status == 401 || response.status == 403;
  if (!refuses || response.body.size() > longest_refusal) {
    return {};
  }
  if (const auto code = code_in_xml(response.body); !code.empty()) {
    return std::string(without_side(code));
  }
  return read_json_error(response, {"__type", "code", "Code"}, {}).code;
}

bool may_be_the_clock(std::string_view code) {
  return contains(clock_codes, without_side(code));
}

bool may_be_the_credentials(std::string_view code) {
  return may_be_the_clock(code) || contains(other_credential_codes, without_side(code));
}

std::string hint_with_clock(std::string hint, std::string_view code, const HttpResponse& response) {
  if (!response.clock_is_ahead || !may_be_the_clock(code)) {
    return hint;
  }
  return fmt::format("this host's clock is {}: set it right{}{}",
                     as_difference(*response.clock_is_ahead), hint.empty() ? "" : "; ", hint);
}

}  // namespace pitstop
