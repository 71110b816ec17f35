#include "aws/sso_role.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/attempts.hpp"
#include "aws/credential_document.hpp"
#include "aws/json_error.hpp"
#include "aws/json_fields.hpp"
#include "aws/redacted.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

constexpr std::string_view sso_action = "GetRoleCredentials";
constexpr std::int64_t end_of_9999 = 253402300799999;

Result<Credentials> read(const std::string& body) {
  const auto document = json::parse(body, nullptr, false);
  const auto& found = member(document, "roleCredentials");
  const auto& expiration = member(found, "expiration");
  const auto milliseconds = expiration.is_number_integer() ? expiration.get<std::int64_t>() : 0;
  if (milliseconds <= 0 || milliseconds > end_of_9999) {
    return fail(ErrorKind::transient, "the answer has no credentials");
  }
  Credentials credentials{text_of(found, "accessKeyId"), Secret(text_of(found, "secretAccessKey")),
                          Secret(text_of(found, "sessionToken")),
                          WallTime(Milliseconds(milliseconds))};
  return checked(std::move(credentials));
}

class SsoRole final : public CredentialSource {
 public:
  SsoRole(SsoSettings settings, SsoToken token, const CredentialDoors& doors,
          Result<std::string> endpoint)
      : name_(fmt::format("the SSO role of profile {}", in_quotes(settings.profile))),
        settings_(std::move(settings)),
        token_(std::move(token)),
        doors_(doors),
        endpoint_(std::move(endpoint)) {}

  std::string_view name() const override { return name_; }

  Task<Result<std::optional<Credentials>>> load() override {
    auto fetched = co_await fetch();
    if (!fetched) {
      co_return fail(within(name_, std::move(fetched).error()));
    }
    co_return *std::move(fetched);
  }

 private:
  Task<Result<Credentials>> fetch() {
    CO_TRY(const auto token, co_await token_.get());
    auto once = [&] { return attempt(token); };
    const Attempts attempts;
    auto body = co_await try_repeatedly(once, attempts, doors_.clock, doors_.random);
    if (!body) {
      co_return fail(std::move(body).error());
    }
    co_return read(*body);
  }

  Task<Result<std::string>> attempt(Secret token) {
    CO_TRY(const auto endpoint, endpoint_);
    HttpRequest request;
    request.method = "GET";
    request.url = fmt::format("{}/federation/credentials?{}", endpoint,
                              canonical_query({{"account_id", settings_.account_id},
                                               {"role_name", settings_.role_name}}));
    request.headers.push_back({"x-amz-sso_bearer_token", token.reveal()});
    request.total_timeout = Seconds(10);
    request.max_response_bytes = std::size_t{1} << 20;
    auto response = co_await doors_.http.send(std::move(request));
    if (!response) {
      co_return fail(within(sso_action, std::move(response).error()));
    }
    log::debug("{}: HTTP {}, {} bytes", sso_action, response->status, response->body.size());
    if (response->status != 200) {
      co_return fail(explain(*response, token));
    }
    co_return std::move(response->body);
  }

  Error explain(const HttpResponse& response, const Secret& token) const {
    auto error = explain_json_error(sso_action, response);
    error.message = redacted(error.message, {token});
    if (response.status == 401) {
      error.hint = token_.login_hint();
    } else if (error.kind == ErrorKind::forbidden) {
      error.hint = "check sso_account_id and sso_role_name: is the role assigned to this user?";
    }
    return error;
  }

  std::string name_;
  SsoSettings settings_;
  SsoToken token_;
  CredentialDoors doors_;
  Result<std::string> endpoint_;
};

}  // namespace

std::unique_ptr<CredentialSource> sso_role(SsoSettings settings, SsoToken token,
                                           const CredentialDoors& doors,
                                           Result<std::string> portal_endpoint) {
  return std::make_unique<SsoRole>(std::move(settings), std::move(token), doors,
                                   std::move(portal_endpoint));
}

}  // namespace pitstop
