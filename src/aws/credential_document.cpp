#include "aws/credential_document.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/expiry.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

/// A field's text, empty if it is missing or null; an error if it is something else.
Result<std::string> text(const json& document, std::string_view name) {
  const auto found = document.find(name);
  if (found == document.end() || found->is_null()) {
    return std::string();
  }
  if (!found->is_string()) {
    return fail(ErrorKind::transient, fmt::format("{} of the answer is not text", name));
  }
  return found->get<std::string>();
}

Result<std::string> required(const json& document, std::string_view name) {
  TRY(auto value, text(document, name));
  if (value.empty()) {
    return fail(ErrorKind::transient, fmt::format("the answer has no {}", name));
  }
  return value;
}

}  // namespace

Result<Credentials> checked(Credentials credentials) {
  const auto& id = credentials.access_key_id;
  const auto& secret = credentials.secret_access_key.reveal();
  if (id.empty() || secret.empty()) {
    return fail(ErrorKind::transient, "the answer has no keys");
  }
  if (!fits_into_header(id) || !fits_into_header(secret) ||
      !fits_into_header(credentials.session_token.reveal())) {
    return fail(ErrorKind::transient,
                "the keys of the answer have white space or other strange characters");
  }
  return credentials;
}

Result<Credentials> read_credentials(std::string_view text_of_json, CredentialDocument document) {
  const auto parsed = json::parse(text_of_json, nullptr, false);
  if (!parsed.is_object()) {
    return fail(ErrorKind::transient, "the answer is not an object of JSON");
  }
  Credentials credentials;
  TRY(credentials.access_key_id, required(parsed, "AccessKeyId"));
  TRY(auto secret, required(parsed, "SecretAccessKey"));
  credentials.secret_access_key = Secret(std::move(secret));
  const auto as_needed = document.is_temporary ? required : text;
  TRY(auto token, as_needed(parsed, document.token));
  credentials.session_token = Secret(std::move(token));
  TRY(const auto expiration, as_needed(parsed, "Expiration"));
  if (!expiration.empty()) {
    credentials.expires = parse_expiry(expiration);
    if (!credentials.expires) {
      return fail(ErrorKind::transient, "Expiration of the answer is not a time");
    }
  }
  return checked(std::move(credentials));
}

}  // namespace pitstop
