#include "aws/service_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "aws/credential_hints.hpp"
#include "aws/json_error.hpp"
#include "aws/refusal.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

// The "Common Error Types" of the services' API References. Sorted by code.
constexpr std::array common = std::to_array<ErrorMeaning>({
    {"AccessDenied", ErrorKind::forbidden},
    {"AccessDeniedException", ErrorKind::forbidden},
    {"ExpiredToken", ErrorKind::forbidden, expired_credentials_hint},
    {"ExpiredTokenException", ErrorKind::forbidden, expired_credentials_hint},
    {"IncompleteSignature", ErrorKind::forbidden, check_keys_hint},
    {"IncompleteSignatureException", ErrorKind::forbidden, check_keys_hint},
    {"InvalidAccessKeyId", ErrorKind::forbidden, check_keys_hint},
    {"InvalidClientTokenId", ErrorKind::forbidden, check_keys_hint},
    {"InvalidSignatureException", ErrorKind::forbidden, wrong_signature_hint},
    {"MissingAuthenticationToken", ErrorKind::forbidden, check_keys_hint},
    {"MissingAuthenticationTokenException", ErrorKind::forbidden, check_keys_hint},
    {"NotAuthorized", ErrorKind::forbidden, check_keys_hint},
    {"OptInRequired", ErrorKind::forbidden, "enable the region or the service for this account"},
    {"RequestExpired", ErrorKind::forbidden, expired_credentials_hint},
    {"RequestLimitExceeded", ErrorKind::throttled},
    {"RequestTimeTooSkewed", ErrorKind::forbidden, wrong_clock_hint},
    {"SignatureDoesNotMatch", ErrorKind::forbidden, wrong_signature_hint},
    {"Throttling", ErrorKind::throttled},
    {"ThrottlingException", ErrorKind::throttled},
    {"TooManyRequestsException", ErrorKind::throttled},
    {"UnrecognizedClientException", ErrorKind::forbidden, check_keys_hint},
    {"ValidationError", ErrorKind::refused},
    {"ValidationException", ErrorKind::refused},
});
static_assert(std::ranges::is_sorted(common, {}, &ErrorMeaning::code));

const ErrorMeaning* find(const ServiceApi& api, std::string_view code) {
  for (const auto& meanings : {api.codes, std::span<const ErrorMeaning>(common)}) {
    const auto found = std::ranges::find(meanings, code, &ErrorMeaning::code);
    if (found != meanings.end()) {
      return &*found;
    }
  }
  return nullptr;
}

ErrorKind judged_by(int status) {
  if (status == 429) {
    return ErrorKind::throttled;
  }
  return status >= 500 ? ErrorKind::unknown_fate : ErrorKind::refused;
}

std::string hint_for(const ServiceApi& api, std::string_view action, std::string_view code) {
  if (code.starts_with("AccessDenied")) {
    return fmt::format("allow {}:{} in the IAM policy of these credentials", api.name, action);
  }
  const auto* meaning = find(api, code);
  return std::string(meaning == nullptr ? "" : meaning->hint);
}

}  // namespace

Error explain_answer(const ServiceApi& api, std::string_view action, const HttpResponse& response) {
  const auto answered = api.read_error(response);
  const auto& code = answered.code;
  if (code.empty()) {
    return not_from_service(api, action, response);
  }
  // Below its first line AWS repeats the request with all its headers when the signature is wrong,
  // a session token among them.
  const auto message = printable(first_line(answered.message));
  auto shown = fmt::format("{}: {}", action, printable(code));
  if (!message.empty()) {
    shown += fmt::format(": {}", message);
  }
  const auto* meaning = find(api, code);
  Error error{meaning == nullptr ? judged_by(response.status) : meaning->kind, std::move(shown),
              hint_for(api, action, code), code};
  if (api.refine != nullptr) {
    api.refine(action, answered, error);
  }
  error.hint = hint_with_clock(std::move(error.hint), code, response);
  return error;
}

Error not_from_service(const ServiceApi& api, std::string_view action,
                       const HttpResponse& response) {
  constexpr std::size_t shown_of_body = 120;
  const auto shown = printable(trimmed(response.body), shown_of_body);
  return {response.status == 429 ? ErrorKind::throttled : ErrorKind::unknown_fate,
          fmt::format("{}: HTTP {} with a body that is not {}'s: {}", action, response.status,
                      api.title, shown.empty() ? "nothing" : shown),
          "is the endpoint really AWS's? check --endpoint-url and proxies",
          {}};
}

AnsweredError read_json_error(const HttpResponse& response) {
  return read_json_error(response, {"__type", "code", "Code"}, {"Message", "message"});
}

bool is_json_answer(std::string_view /*action*/, const std::string& body) {
  return body.empty() || json::parse(body, nullptr, false).is_object();
}

}  // namespace pitstop
