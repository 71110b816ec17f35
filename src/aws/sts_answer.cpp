#include "aws/sts_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/credential_document.hpp"
#include "aws/credential_hints.hpp"
#include "aws/http_status.hpp"
#include "aws/redacted.hpp"
#include "aws/refusal.hpp"
#include "aws/xml.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

struct Row {
  std::string_view code;
  ErrorKind kind;
  std::string_view hint = {};
};

constexpr std::string_view renew_token_hint =
    "see that whoever writes the token file renews it, and check this host's clock";
constexpr std::string_view check_provider_hint =
    "the role must trust the identity provider that has issued the token";

// AWS Security Token Service API Reference, "Common Errors" and the errors of both actions. Sorted
// by code.
constexpr std::array table = std::to_array<Row>({
    {"AccessDenied", ErrorKind::forbidden,
     "the role must trust who assumes it, and their policy must allow sts:AssumeRole"},
    {"ExpiredToken", ErrorKind::forbidden, expired_credentials_hint},
    {"ExpiredTokenException", ErrorKind::forbidden, renew_token_hint},
    {"IDPCommunicationError", ErrorKind::transient},
    {"IDPRejectedClaim", ErrorKind::forbidden, check_provider_hint},
    {"InvalidClientTokenId", ErrorKind::forbidden, check_keys_hint},
    {"InvalidIdentityToken", ErrorKind::forbidden, check_provider_hint},
    {"RegionDisabledException", ErrorKind::forbidden,
     "activate STS for this region in the account, or use another region"},
    {"RequestExpired", ErrorKind::forbidden, expired_credentials_hint},
    {"SignatureDoesNotMatch", ErrorKind::forbidden, wrong_signature_hint},
    {"Throttling", ErrorKind::throttled},
    {"ThrottlingException", ErrorKind::throttled},
    {"ValidationError", ErrorKind::refused,
     "check role_arn, role_session_name, external_id and duration_seconds; a role that is assumed "
     "by a role lasts an hour at most"},
});
static_assert(std::ranges::is_sorted(table, {}, &Row::code));
}  // namespace

Result<Credentials> read_sts_credentials(const std::string& body, const std::string& action) {
  pugi::xml_document document;
  const auto parsed = document.load_string(body.c_str());
  const auto found = document.child((action + "Response").c_str())
                         .child((action + "Result").c_str())
                         .child("Credentials");
  if (!parsed || !found) {
    return fail(ErrorKind::transient, fmt::format("{}: the answer has no credentials", action),
                "is the endpoint really that of STS? check AWS_ENDPOINT_URL_STS and proxies");
  }
  Credentials credentials{xml::text(found, "AccessKeyId"),
                          Secret(xml::text(found, "SecretAccessKey")),
                          Secret(xml::text(found, "SessionToken")), xml::time(found, "Expiration")};
  if (credentials.session_token.empty() || !credentials.expires) {
    return fail(ErrorKind::transient, fmt::format("{}: the answer has no token or expiry", action));
  }
  auto whole = checked(std::move(credentials));
  if (!whole) {
    return fail(within(action, std::move(whole).error()));
  }
  return whole;
}

Error explain_sts_error(std::string_view action, const HttpResponse& response,
                        const std::vector<Secret>& secrets) {
  pugi::xml_document document;
  (void)document.load_string(response.body.c_str());
  const auto error = document.child("ErrorResponse").child("Error");
  const auto code = xml::text(error, "Code");
  if (code.empty()) {
    return {ErrorKind::transient,
            fmt::format("{}: HTTP {} with a body that is not that of STS", action, response.status),
            "is the endpoint really that of STS? check AWS_ENDPOINT_URL_STS and proxies",
            {}};
  }
  // Below its first line AWS repeats the request when its signature is wrong.
  const auto message = redacted(first_line(xml::text(error, "Message")), secrets);
  const auto* row = std::ranges::find(table, code, &Row::code);
  const bool known = row != table.end();
  return {known ? row->kind : kind_of_status(response.status),
          fmt::format("{}: {}: {}", action, printable(code), printable(message)),
          hint_with_clock(std::string(known ? row->hint : ""), code, response), code};
}

}  // namespace pitstop
