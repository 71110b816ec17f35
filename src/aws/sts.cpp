#include "aws/sts.hpp"

#include "aws/attempts.hpp"
#include "aws/sts_answer.hpp"
#include "base/log.hpp"

namespace pitstop {
namespace {

constexpr std::size_t most_answered = std::size_t{1} << 20;

QueryParameters parameters_of(const std::string& action, const RoleRequest& role) {
  QueryParameters parameters{{"Action", action},
                             {"Version", "2011-06-15"},
                             {"RoleArn", role.role_arn},
                             {"RoleSessionName", role.session_name}};
  if (role.external_id) {
    parameters.emplace_back("ExternalId", *role.external_id);
  }
  if (role.duration) {
    parameters.emplace_back("DurationSeconds", std::to_string(role.duration->count()));
  }
  return parameters;
}

}  // namespace

struct Sts::Call {
  std::string action;
  QueryParameters parameters;
  std::optional<AwsSignature> signature = {};
  std::vector<Secret> secrets = {};  ///< of the request, which no message may show
};

Task<Result<Credentials>> Sts::assume_role(RoleRequest role, Credentials who) {
  Call request{.action = "AssumeRole", .parameters = parameters_of("AssumeRole", role)};
  request.secrets = {who.secret_access_key, who.session_token,
                     Secret(role.external_id.value_or(""))};
  request.signature = AwsSignature{.service = "sts",
                                   .region = region_,
                                   .access_key_id = std::move(who.access_key_id),
                                   .secret_access_key = std::move(who.secret_access_key),
                                   .session_token = std::move(who.session_token)};
  return call(std::move(request));
}

Task<Result<Credentials>> Sts::assume_role_with_web_identity(RoleRequest role, Secret token) {
  const std::string action = "AssumeRoleWithWebIdentity";
  Call request{.action = action, .parameters = parameters_of(action, role)};
  request.parameters.emplace_back("WebIdentityToken", token.reveal());
  request.secrets = {std::move(token)};
  return call(std::move(request));
}

Task<Result<Credentials>> Sts::call(Call call) {
  auto once = [&] { return attempt(call); };
  auto body = co_await try_repeatedly(once, {}, doors_.clock, doors_.random);
  if (!body) {
    co_return fail(std::move(body).error());
  }
  co_return read_sts_credentials(*body, call.action);
}

Task<Result<std::string>> Sts::attempt(Call call) {
  CO_TRY(const auto endpoint, endpoint_);
  HttpRequest request;
  request.url = endpoint + "/";
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  request.body = canonical_query(std::move(call.parameters));
  request.signature = std::move(call.signature);
  request.total_timeout = Seconds(10);
  request.max_response_bytes = most_answered;
  auto response = co_await doors_.http.send(std::move(request));
  if (!response) {
    co_return fail(within(call.action, std::move(response).error()));
  }
  log::debug("{}: HTTP {}, {} bytes", call.action, response->status, response->body.size());
  if (response->status != 200) {
    co_return fail(explain_sts_error(call.action, *response, call.secrets));
  }
  co_return std::move(response->body);
}

}  // namespace pitstop
