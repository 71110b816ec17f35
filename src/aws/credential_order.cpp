#include "aws/credential_order.hpp"

#include <fmt/format.h>

#include "aws/assume_role.hpp"
#include "aws/broken_source.hpp"
#include "aws/container_credentials.hpp"
#include "aws/credential_chain.hpp"
#include "aws/credential_process.hpp"
#include "aws/endpoint.hpp"
#include "aws/instance_role.hpp"
#include "aws/sso_role.hpp"
#include "aws/static_keys.hpp"
#include "aws/web_identity.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using Source = std::unique_ptr<CredentialSource>;

bool has_keys(const Profile& profile) {
  const auto& values = profile.settings.values;
  return values.contains("aws_access_key_id") || values.contains("aws_secret_access_key");
}

std::unexpected<Error> wrong(const Profile& profile, std::string_view what, std::string hint) {
  return fail(ErrorKind::usage, fmt::format("profile {}: {}", in_quotes(profile.name), what),
              std::move(hint));
}

class Sources {
 public:
  Sources(const CredentialSettings& settings, const CredentialDoors& doors)
      : settings_(settings), doors_(doors) {}

  Source all() const {
    const Profile& profile = settings_.profile;
    std::vector<Source> sources;
    if (!profile.named_by_flag) {
      sources.push_back(keys_in_environment(settings_.environment));
    }
    if (assumes_a_role(profile)) {
      sources.push_back(role_of(profile, {profile.name}));
    }
    add_those_of(profile, profile.named_by_flag ? nullptr : &settings_.environment, sources);
    sources.push_back(container());
    sources.push_back(instance());
    return std::make_unique<CredentialChain>("any source of credentials", std::move(sources));
  }

 private:
  /// Those that a profile has by itself. Without `environment` its variables do not count.
  void add_those_of(const Profile& profile, const Environment* environment,
                    std::vector<Source>& sources) const {
    const auto& files = settings_.files;
    sources.push_back(web_identity(environment, profile, sts(), doors_.random));
    if (auto role = sso(profile)) {
      sources.push_back(std::move(role));
    }
    sources.push_back(keys_in_profile(profile.name, profile.in_credentials_file,
                                      SharedFile::credentials, files.credentials_file));
    sources.push_back(unsupported_source(profile, "login_session"));
    sources.push_back(credential_process(profile, doors_.run_program));
    sources.push_back(keys_in_profile(profile.name, profile.in_config_file, SharedFile::config,
                                      files.config_file));
  }

  /// `visited` are the profiles that lead here, the one itself among them.
  Source role_of(const Profile& profile, std::vector<std::string> visited) const {
    auto source = source_of_role(profile, std::move(visited));
    if (!source) {
      return broken_source(std::move(source).error());
    }
    return assume_role(profile, *std::move(source), sts(), doors_.random);
  }

  Result<Source> source_of_role(const Profile& profile, std::vector<std::string> visited) const {
    const auto named = profile.settings.text("credential_source");
    const auto source_profile = profile.settings.text("source_profile");
    if (named.has_value() == source_profile.has_value()) {
      return wrong(profile,
                   named ? "source_profile and credential_source exclude each other"
                         : "role_arn needs source_profile or credential_source",
                   "say once with which credentials the role is assumed");
    }
    return named ? named_source(profile, *named)
                 : profile_source(profile, *source_profile, std::move(visited));
  }

  Result<Source> named_source(const Profile& profile, std::string_view name) const {
    if (name == "Environment") {
      return keys_in_environment(settings_.environment);
    }
    if (name == "EcsContainer") {
      return container();
    }
    if (name == "Ec2InstanceMetadata") {
      return instance();
    }
    return wrong(profile, fmt::format("credential_source is {}", in_quotes(name)),
                 "it takes Environment, Ec2InstanceMetadata or EcsContainer");
  }

  Result<Source> profile_source(const Profile& profile, const std::string& name,
                                std::vector<std::string> visited) const {
    const auto source = find_profile(name, settings_.files);
    if (!source) {
      return wrong(profile, fmt::format("there is no source_profile {}", in_quotes(name)),
                   "name a profile that exists");
    }
    // A profile may have the keys with which its own role is assumed.
    const bool is_itself = name == profile.name && has_keys(*source);
    if (contains(visited, name) && !is_itself) {
      return wrong(profile,
                   fmt::format("source_profile {} closes a circle: {}", in_quotes(name),
                               printable(join(visited, ", "))),
                   "one of them needs credentials of its own");
    }
    if (!has_keys(*source) && assumes_a_role(*source)) {
      visited.push_back(name);
      return role_of(*source, std::move(visited));
    }
    std::vector<Source> sources;
    add_those_of(*source, nullptr, sources);
    return std::make_unique<CredentialChain>(fmt::format("profile {}", in_quotes(name)),
                                             std::move(sources));
  }

  /// Null if the profile has none.
  Source sso(const Profile& profile) const {
    auto found = sso_settings(profile, settings_.files.sso_sessions);
    if (!found) {
      return broken_source(std::move(found).error());
    }
    if (!*found) {
      return nullptr;
    }
    auto sso = **std::move(found);
    auto portal = endpoint("portal.sso", sso.region);
    SsoToken token(sso, settings_.environment, doors_, endpoint("oidc", sso.region));
    return sso_role(std::move(sso), std::move(token), doors_, std::move(portal));
  }

  Source container() const { return container_credentials(settings_.environment, doors_); }

  Source instance() const {
    return instance_role(metadata_settings(settings_.environment, settings_.profile), doors_);
  }

  Sts sts() const { return {doors_, settings_.region, endpoint("sts", settings_.region)}; }

  /// As AWS's tools do, without --endpoint-url: that is where the servers are, and tokens go
  /// nowhere else than to where the user has sent them.
  Result<std::string> endpoint(std::string_view service, const std::string& region) const {
    const std::optional<std::string> no_flag;
    return choose_endpoint(service_named(service), region,
                           {.flag = no_flag,
                            .environment = settings_.environment,
                            .profile = settings_.profile,
                            .services = settings_.files.services});
  }

  const CredentialSettings& settings_;
  const CredentialDoors& doors_;
};

}  // namespace

std::unique_ptr<CredentialSource> usual_sources(const CredentialSettings& settings,
                                                const CredentialDoors& doors) {
  return Sources(settings, doors).all();
}

}  // namespace pitstop
