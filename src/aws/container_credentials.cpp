#include "aws/container_credentials.hpp"

#include <fmt/format.h>

#include "aws/attempts.hpp"
#include "aws/container_url.hpp"
#include "aws/credential_document.hpp"
#include "aws/http_status.hpp"
#include "aws/redacted.hpp"
#include "aws/small_file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::string_view token_variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr std::string_view token_file_variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

class ContainerSource final : public CredentialSource {
 public:
  ContainerSource(const Environment& environment, const CredentialDoors& doors)
      : url_(container_url(environment)),
        token_file_(environment.get(token_file_variable)),
        token_(environment.get(token_variable).value_or("")),
        doors_(doors) {}

  std::string_view name() const override { return "the container"; }

  Task<Result<std::optional<Credentials>>> load() override {
    CO_TRY(const auto url, url_);
    if (!url) {
      co_return std::nullopt;
    }
    CO_TRY(auto token, read_token());
    auto once = [&] { return ask(url->value, token); };
    // As botocore and the other SDKs do it.
    const Attempts attempts{.most = 3, .pause = Seconds(1)};
    auto body = co_await try_repeatedly(once, attempts, doors_.clock, doors_.random);
    if (!body) {
      co_return fail(within(name(), std::move(body).error()));
    }
    auto credentials = read_credentials(*body, {});
    if (!credentials) {
      co_return fail(within(name(), std::move(credentials).error()));
    }
    co_return *std::move(credentials);
  }

 private:
  Result<Secret> read_token() const {
    auto token = token_;
    auto origin = token_variable;
    if (token_file_) {
      origin = token_file_variable;
      TRY(auto text, read_small_file(*token_file_, fmt::format("let this user read the file that "
                                                               "{} names",
                                                               origin)));
      if (!text) {
        return fail(ErrorKind::usage,
                    fmt::format("{}: there is no file {}", origin, printable(*token_file_)));
      }
      token = Secret(*std::move(text));
    }
    if (token.reveal().find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return fail(ErrorKind::usage, fmt::format("the token of {} has a line break in it", origin),
                  "it goes into a header, which is one line");
    }
    return token;
  }

  /// The URL is no less a secret than the token: who knows it has the credentials.
  Task<Result<std::string>> ask(std::string url, Secret token) {
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    request.direct = lower_case(url).starts_with("http:");
    request.headers.push_back({"Accept", "application/json"});
    if (!token.empty()) {
      request.headers.push_back({"Authorization", token.reveal()});
    }
    request.connect_timeout = Seconds(2);
    request.total_timeout = Seconds(2);
    request.max_response_bytes = std::size_t{1} << 20;
    auto response = co_await doors_.http.send(std::move(request));
    if (!response) {
      auto error = std::move(response).error();
      error.message = redacted(error.message, {Secret(url)});
      co_return fail(std::move(error));
    }
    log::debug("{}: HTTP {}, {} bytes", name(), response->status, response->body.size());
    if (response->status != 200) {
      co_return fail(kind_of_status(response->status),
                     fmt::format("HTTP {} where its credentials should be", response->status),
                     "see that the task or the pod has a role");
    }
    co_return std::move(response->body);
  }

  Result<std::optional<Setting>> url_;
  std::optional<std::string> token_file_;
  Secret token_;
  CredentialDoors doors_;
};

}  // namespace

std::unique_ptr<CredentialSource> container_credentials(const Environment& environment,
                                                        const CredentialDoors& doors) {
  return std::make_unique<ContainerSource>(environment, doors);
}

}  // namespace pitstop
