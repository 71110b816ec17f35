#include "aws/credential_chain.hpp"

#include "aws/static_keys.hpp"
#include "aws/unsupported_source.hpp"
#include "base/log.hpp"

namespace pitstop {

CredentialChain credential_chain(const Profile& profile, const SharedFiles& files,
                                 const Environment& environment) {
  std::vector<std::unique_ptr<CredentialSource>> sources;
  if (!profile.named_by_flag) {
    sources.push_back(keys_in_environment(environment));
    sources.push_back(unsupported_variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE"));
  }
  sources.push_back(unsupported_keys(
      profile, {"role_arn", "web_identity_token_file", "sso_account_id", "sso_role_name"}));
  sources.push_back(
      keys_in_profile(profile.name, profile.in_credentials_file, files.credentials_file));
  sources.push_back(unsupported_keys(profile, {"login_session", "credential_process"}));
  sources.push_back(keys_in_profile(profile.name, profile.in_config_file, files.config_file));
  // Without an account and a role, these two alone do not keep botocore from using the keys above.
  sources.push_back(unsupported_keys(profile, {"sso_session", "sso_start_url"}));
  return CredentialChain(std::move(sources));
}

Task<Result<Credentials>> CredentialChain::credentials() {
  if (found_) {
    co_return *found_;
  }
  for (const auto& source : sources_) {
    CO_TRY(auto answer, co_await source->load());
    if (answer) {
      log::debug("AWS credentials come from {}", source->name());
      found_ = *answer;
      co_return *std::move(answer);
    }
  }
  co_return fail(
      ErrorKind::forbidden, "no AWS credentials found",
      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile that has them; "
      "aws configure export-credentials --format env shows those that aws-cli uses");
}

}  // namespace pitstop
