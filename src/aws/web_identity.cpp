#include "aws/web_identity.hpp"

#include <fmt/format.h>

#include "aws/assume_role.hpp"
#include "aws/setting.hpp"
#include "aws/small_file.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

struct WebIdentity {
  std::optional<Setting> token_file;
  std::optional<Setting> role_arn;
  std::optional<Setting> session_name;
};

/// A token is a word of JSON Web Token's alphabet, perhaps with a line's end after it.
Result<Secret> read_token(const Setting& file) {
  TRY(const auto text,
      read_small_file(file.value,
                      fmt::format("let this user read the file that {} names", file.origin)));
  if (!text) {
    return fail(ErrorKind::usage,
                fmt::format("{}: there is no file {}", file.origin, printable(file.value)),
                "name the file that has the token of the identity provider");
  }
  const auto token = trimmed(*text);
  if (token.empty() || !fits_into_header(token)) {
    return fail(ErrorKind::usage,
                fmt::format("{} has no token of an identity provider", printable(file.value)),
                "it should have the token and nothing else");
  }
  return Secret(std::string(token));
}

class WebIdentitySource final : public CredentialSource {
 public:
  WebIdentitySource(WebIdentity settings, Sts sts, Random& random)
      : settings_(std::move(settings)), sts_(std::move(sts)), random_(random) {
    if (settings_.token_file) {
      name_ = fmt::format("the web identity of {}", settings_.token_file->origin);
    }
  }

  std::string_view name() const override { return name_; }

  Task<Result<std::optional<Credentials>>> load() override {
    if (!settings_.token_file) {
      co_return std::nullopt;
    }
    if (!settings_.role_arn) {
      co_return fail(ErrorKind::usage, fmt::format("{} has no role to assume", name_),
                     "set AWS_ROLE_ARN, or role_arn in the profile");
    }
    CO_TRY(auto token, read_token(*settings_.token_file));
    RoleRequest role{.role_arn = settings_.role_arn->value, .session_name = session_name()};
    auto assumed = co_await sts_.assume_role_with_web_identity(std::move(role), std::move(token));
    if (!assumed) {
      co_return fail(within(name_, std::move(assumed).error()));
    }
    co_return *std::move(assumed);
  }

 private:
  std::string session_name() {
    return settings_.session_name ? settings_.session_name->value : usual_session_name(random_);
  }

  WebIdentity settings_;
  Sts sts_;
  Random& random_;
  std::string name_ = "a web identity";
};

}  // namespace

std::unique_ptr<CredentialSource> web_identity(const Environment* environment,
                                               const Profile& profile, Sts sts, Random& random) {
  const auto setting = [&](std::string_view variable, std::string_view key) {
    auto found = environment == nullptr ? std::nullopt : from_variable(*environment, variable);
    return found ? found : from_profile(profile, key);
  };
  WebIdentity settings{setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"),
                       setting("AWS_ROLE_ARN", "role_arn"),
                       setting("AWS_ROLE_SESSION_NAME", "role_session_name")};
  return std::make_unique<WebIdentitySource>(std::move(settings), std::move(sts), random);
}

}  // namespace pitstop
