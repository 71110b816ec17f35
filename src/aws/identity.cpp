#include "aws/identity.hpp"

#include "aws/assume_role.hpp"
#include "aws/credential_order.hpp"
#include "aws/refusal.hpp"
#include "aws/region.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {

Result<Identity> Identity::load(IdentityOptions options, const Environment& environment,
                                const CredentialDoors& doors) {
  TRY(auto files, read_shared_files(environment));
  TRY(auto profile, choose_profile(options.profile, environment, files));
  TRY(auto region, choose_region(options.region, environment, profile));
  log::debug("AWS profile {}, region {}", in_quotes(profile.name), region);
  auto sources = usual_sources(
      {.profile = profile, .files = files, .environment = environment, .region = region}, doors);
  Identity identity;
  // Settings that make no sense concern those only whose credentials come from there.
  if (auto metadata = metadata_settings(environment, profile)) {
    identity.metadata_ = std::make_shared<InstanceMetadata>(doors.http, doors.clock, doors.random,
                                                            *std::move(metadata));
  }
  identity.credentials_ = std::make_shared<FreshCredentials>(std::move(sources), doors.clock);
  identity.endpoint_url_ = std::move(options.endpoint_url);
  identity.environment_ = environment;
  identity.profile_ = std::move(profile);
  identity.services_ = std::move(files.services);
  identity.region_ = std::move(region);
  identity.clock_ = &doors.clock;
  return identity;
}

Result<Identity> Identity::in_region(const std::string& region) const {
  auto there = *this;
  TRY(there.region_, choose_region(region, environment_, profile_));
  return there;
}

Identity Identity::assuming(RoleRequest role, const CredentialDoors& doors) const {
  auto assumed = *this;
  // As for the roles of profiles: --endpoint-url is where the servers are.
  const std::optional<std::string> no_flag;
  auto sts_endpoint = choose_endpoint(
      service_named("sts"), region_,
      {.flag = no_flag, .environment = environment_, .profile = profile_, .services = services_});
  Sts sts(doors, region_, std::move(sts_endpoint));
  auto source = assume_role(std::move(role), credentials_, std::move(sts), doors.random);
  assumed.credentials_ = std::make_shared<FreshCredentials>(std::move(source), doors.clock);
  return assumed;
}

Result<std::string> Identity::endpoint(std::string_view service) const {
  return choose_endpoint(service_named(service), region_,
                         {.flag = endpoint_url_,
                          .environment = environment_,
                          .profile = profile_,
                          .services = services_});
}

Task<Result<Credentials>> Identity::credentials() {
  return credentials_->get();
}

Task<Result<Lifetime>> Identity::outlive(Duration needed) {
  return credentials_->outlive(needed);
}

Task<std::optional<InstanceId>> Identity::own_instance() {
  if (metadata_ == nullptr) {
    co_return std::nullopt;
  }
  co_return co_await metadata_->instance_id();
}

Task<Result<AwsSignature>> Identity::signature(std::string service) {
  CO_TRY(auto credentials, co_await credentials_->get());
  co_return signed_by(std::move(credentials), std::move(service));
}

Task<Result<HttpResponse>> Identity::send(Http& http, HttpRequest request, std::string service) {
  CO_TRY(auto credentials, co_await credentials_->get());
  request.signature = signed_by(credentials, service);
  HttpRequest first = request;
  auto response = co_await http.send(std::move(first));
  if (!response || !may_be_the_credentials(refusal_code(*response))) {
    co_return response;
  }
  auto others = co_await credentials_->instead_of(std::move(credentials));
  if (!others) {
    co_return response;
  }
  request.signature = signed_by(*std::move(others), std::move(service));
  co_return co_await http.send(std::move(request));
}

AwsSignature Identity::signed_by(Credentials credentials, std::string service) const {
  return {.service = std::move(service),
          .region = region_,
          .access_key_id = std::move(credentials.access_key_id),
          .secret_access_key = std::move(credentials.secret_access_key),
          .session_token = std::move(credentials.session_token)};
}

}  // namespace pitstop
