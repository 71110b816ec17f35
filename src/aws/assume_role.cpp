#include "aws/assume_role.hpp"

#include <fmt/format.h>

#include "aws/broken_source.hpp"
#include "aws/refusal.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

Result<std::optional<Seconds>> read_duration(const Profile& profile) {
  const auto text = profile.settings.text("duration_seconds");
  if (!text) {
    return std::nullopt;
  }
  const auto number = whole_number(*text);
  if (!number || *number < 900 || *number > 43200) {
    return fail(ErrorKind::usage,
                fmt::format("duration_seconds of profile {} is {}", in_quotes(profile.name),
                            in_quotes(*text)),
                "it takes 900 to 43200, and no more than the role allows");
  }
  return Seconds(*number);
}

Result<RoleRequest> read_role(const Profile& profile) {
  if (profile.settings.text("mfa_serial")) {
    return fail(ErrorKind::usage,
                fmt::format("profile {} wants a code of an MFA device (mfa_serial), which pitstop "
                            "does not support: at night nobody is there to type it",
                            in_quotes(profile.name)),
                export_keys_hint(profile));
  }
  RoleRequest role;
  role.role_arn = profile.settings.text("role_arn").value_or("");
  if (role.role_arn.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("role_arn of profile {} is empty", in_quotes(profile.name)));
  }
  role.session_name = profile.settings.text("role_session_name").value_or("");
  role.external_id = profile.settings.text("external_id");
  TRY(role.duration, read_duration(profile));
  return role;
}

class AssumedRole final : public CredentialSource {
 public:
  AssumedRole(std::string name, RoleRequest role, std::unique_ptr<CredentialSource> source, Sts sts,
              Random& random)
      : name_(std::move(name)),
        role_(std::move(role)),
        source_(std::move(source)),
        sts_(std::move(sts)),
        random_(random) {}

  std::string_view name() const override { return name_; }

  Task<Result<std::optional<Credentials>>> load() override {
    CO_TRY(auto who, co_await source_->load());
    if (!who) {
      co_return fail(
          ErrorKind::usage,
          fmt::format("{}: {} has no credentials to assume it with", name_, source_->name()),
          "give source_profile a profile that has credentials, or use "
          "credential_source");
    }
    log::debug("{} is assumed with {}", name_, source_->name());
    auto role = role_;
    if (role.session_name.empty()) {
      role.session_name = usual_session_name(random_);
    }
    auto assumed = co_await sts_.assume_role(std::move(role), *std::move(who));
    if (!assumed) {
      co_return fail(within(name_, std::move(assumed).error()));
    }
    co_return *std::move(assumed);
  }

 private:
  std::string name_;
  RoleRequest role_;
  std::unique_ptr<CredentialSource> source_;
  Sts sts_;
  Random& random_;
};

/// What the command line or a file of accounts names, beside the profile.
class RoleOfAccount final : public CredentialSource {
 public:
  RoleOfAccount(RoleRequest role, std::shared_ptr<FreshCredentials> source, Sts sts, Random& random)
      : name_("the role " + role.role_arn),
        role_(std::move(role)),
        source_(std::move(source)),
        sts_(std::move(sts)),
        random_(random) {}

  std::string_view name() const override { return name_; }

  Task<Result<std::optional<Credentials>>> load() override {
    CO_TRY(auto who, co_await source_->get());
    auto assumed = co_await assume(who);
    if (!assumed && may_be_the_credentials(assumed.error().code)) {
      if (auto others = co_await source_->instead_of(std::move(who))) {
        assumed = co_await assume(*std::move(others));
      }
    }
    if (!assumed) {
      co_return fail(within(name_, std::move(assumed).error()));
    }
    co_return *std::move(assumed);
  }

 private:
  Task<Result<Credentials>> assume(Credentials who) {
    auto role = role_;
    role.session_name = usual_session_name(random_);
    return sts_.assume_role(std::move(role), std::move(who));
  }

  std::string name_;
  RoleRequest role_;
  std::shared_ptr<FreshCredentials> source_;
  Sts sts_;
  Random& random_;
};

}  // namespace

bool assumes_a_role(const Profile& profile) {
  const auto& values = profile.settings.values;
  return values.contains("role_arn") && !values.contains("web_identity_token_file");
}

std::unique_ptr<CredentialSource> assume_role(const Profile& profile,
                                              std::unique_ptr<CredentialSource> source, Sts sts,
                                              Random& random) {
  auto role = read_role(profile);
  if (!role) {
    return broken_source(std::move(role).error());
  }
  auto name = fmt::format("the role of profile {}", in_quotes(profile.name));
  return std::make_unique<AssumedRole>(std::move(name), *std::move(role), std::move(source),
                                       std::move(sts), random);
}

std::unique_ptr<CredentialSource> assume_role(RoleRequest role,
                                              std::shared_ptr<FreshCredentials> source, Sts sts,
                                              Random& random) {
  return std::make_unique<RoleOfAccount>(std::move(role), std::move(source), std::move(sts),
                                         random);
}

std::string usual_session_name(Random& random) {
  return "pitstop-" + random.hex(16);
}

}  // namespace pitstop
