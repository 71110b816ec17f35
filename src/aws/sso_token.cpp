#include "aws/sso_token.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>

#include "aws/credentials.hpp"
#include "aws/expiry.hpp"
#include "aws/json_error.hpp"
#include "aws/json_fields.hpp"
#include "aws/redacted.hpp"
#include "aws/shell_words.hpp"
#include "aws/small_file.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

constexpr auto renewal_time = std::chrono::minutes(15);

std::string sha1(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += fmt::format("{:02x}", digest.at(i));
  }
  return hex;
}

/// As aws-cli writes it: to the second.
std::string stamp(WallTime time) {
  constexpr std::size_t to_the_second = 19;
  return rfc3339(time).substr(0, to_the_second) + "Z";
}

/// Of a new token; nothing if it cannot be meant.
std::optional<Seconds> lifetime(const json& answer) {
  constexpr Seconds longest = std::chrono::days(366);
  const auto& found = member(answer, "expiresIn");
  if (!found.is_number_integer()) {
    return std::nullopt;
  }
  const Seconds lasts(found.get<std::int64_t>());
  return lasts > Seconds(0) && lasts <= longest ? std::optional(lasts) : std::nullopt;
}

bool can_be_renewed(const json& document, WallTime now) {
  const auto registered_until = parse_expiry(text_of(document, "registrationExpiresAt"));
  return registered_until && *registered_until > now &&
         !text_of(document, "refreshToken").empty() && !text_of(document, "clientId").empty() &&
         !text_of(document, "clientSecret").empty();
}

}  // namespace

struct SsoToken::Cached {
  json document;
  Secret token;
  WallTime expires;
};

SsoToken::SsoToken(SsoSettings settings, const Environment& environment,
                   const CredentialDoors& doors, Result<std::string> oidc_endpoint)
    : settings_(std::move(settings)),
      file_(expand_home(fmt::format("~/.aws/sso/cache/{}.json",
                                    sha1(settings_.session.value_or(settings_.start_url))),
                        environment)),
      doors_(doors),
      oidc_endpoint_(std::move(oidc_endpoint)) {}

std::string SsoToken::login_hint() const {
  return fmt::format("log in: aws sso login --profile {}",
                     shell_word(printable(settings_.profile)));
}

Task<Result<Secret>> SsoToken::get() {
  CO_TRY(auto cached, read());
  const auto now = doors_.clock.wall();
  const bool is_valid = cached.expires > now;
  if (cached.expires > now + renewal_time) {
    co_return std::move(cached.token);
  }
  if (settings_.session && can_be_renewed(cached.document, now)) {
    auto old = cached.token;
    auto renewed = co_await renew(std::move(cached));
    if (renewed || !is_valid) {
      co_return renewed;
    }
    log::warning("{}; the old token lasts for a while", renewed.error().message);
    co_return old;
  }
  if (is_valid) {
    co_return std::move(cached.token);
  }
  co_return fail(ErrorKind::forbidden,
                 fmt::format("the login has expired at {}", stamp(cached.expires)), login_hint());
}

Result<SsoToken::Cached> SsoToken::read() const {
  TRY(const auto content, read_small_file(file_, "let this user read it"));
  if (!content) {
    return fail(ErrorKind::forbidden,
                fmt::format("nobody has logged in: there is no {}", printable(file_)),
                login_hint());
  }
  auto document = json::parse(*content, nullptr, false);
  auto token = text_of(document, "accessToken");
  const auto expires = parse_expiry(text_of(document, "expiresAt"));
  if (token.empty() || !fits_into_header(token) || !expires) {
    return fail(ErrorKind::forbidden, fmt::format("{} has no token in it", printable(file_)),
                login_hint());
  }
  return Cached{std::move(document), Secret(std::move(token)), *expires};
}

Task<Result<Secret>> SsoToken::renew(Cached cached) {
  auto& document = cached.document;
  const json request{{"clientId", document["clientId"]},
                     {"clientSecret", document["clientSecret"]},
                     {"grantType", "refresh_token"},
                     {"refreshToken", document["refreshToken"]}};
  auto body = co_await create_token(request.dump());
  if (!body) {
    auto error = std::move(body).error();
    error.message = redacted(error.message, {Secret(text_of(document, "refreshToken")),
                                             Secret(text_of(document, "clientSecret"))});
    error.hint = login_hint();
    co_return fail(std::move(error));
  }
  const auto answer = json::parse(*body, nullptr, false);
  auto token = text_of(answer, "accessToken");
  const auto lasts = lifetime(answer);
  if (token.empty() || !fits_into_header(token) || !lasts) {
    co_return fail(ErrorKind::transient, "CreateToken: the answer has no token", login_hint());
  }
  document["accessToken"] = token;
  document["expiresAt"] = stamp(doors_.clock.wall() + *lasts);
  if (const auto next = text_of(answer, "refreshToken"); !next.empty()) {
    document["refreshToken"] = next;
  }
  if (const auto written = replace_private_file(file_, document.dump()); !written) {
    log::warning("{}; the next login has to come sooner", written.error().message);
  }
  log::debug("the login of profile {} is renewed for {}", in_quotes(settings_.profile),
             human(*lasts));
  co_return Secret(std::move(token));
}

/// Once: a token that renews can be used once.
Task<Result<std::string>> SsoToken::create_token(std::string body) {
  CO_TRY(const auto endpoint, oidc_endpoint_);
  HttpRequest request;
  request.url = endpoint + "/token";
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = std::move(body);
  request.total_timeout = Seconds(10);
  request.max_response_bytes = std::size_t{1} << 20;
  request.at_most_once = true;
  auto response = co_await doors_.http.send(std::move(request));
  if (!response) {
    co_return fail(within("CreateToken", std::move(response).error()));
  }
  if (response->status != 200) {
    co_return fail(explain_json_error("CreateToken", *response));
  }
  co_return std::move(response->body);
}

}  // namespace pitstop
