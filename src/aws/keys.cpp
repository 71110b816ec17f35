#include "aws/keys.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "aws/json_call.hpp"
#include "aws/json_fields.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

// KMS API Reference, the errors of DescribeKey and CreateGrant, and those that a key's state
// brings.
constexpr std::array key_errors = std::to_array<ErrorMeaning>({
    {"DependencyTimeoutException", ErrorKind::transient},
    {"DryRunOperationException", ErrorKind::would_work},
    {"InvalidArnException", ErrorKind::refused},
    {"KMSInternalException", ErrorKind::transient},
    {"NotFoundException", ErrorKind::not_found},
});

constexpr ServiceApi keys_api{.name = "kms",
                              .title = "KMS",
                              .codes = key_errors,
                              .read_error = read_json_error,
                              .can_be_an_answer = is_json_answer};

/// "arn:aws:iam::123456789012:root" for a key of that account: for whom the grant would be changes
/// nothing.
std::string owner_of(const std::string& arn) {
  const auto parts = split(arn, ':');
  return parts.size() == 6 ? fmt::format("arn:{}:iam::{}:root", parts[1], parts[4]) : arn;
}

std::optional<KmsKey> read_key(const std::string& body) {
  const auto answer = json::parse(body, nullptr, false);
  const auto& found = member(answer, "KeyMetadata");
  KmsKey key{.arn = text_of(found, "Arn"), .state = text_of(found, "KeyState")};
  key.enabled = key.state == "Enabled";
  key.managed_by_aws = text_of(found, "KeyManager") == "AWS";
  return key.arn.empty() || key.state.empty() ? std::nullopt : std::optional(std::move(key));
}

}  // namespace

Keys::Keys(Http& http, Identity& identity, Clock& clock, Random& random,
           Milliseconds attempt_timeout, Duration patience)
    : caller_(keys_api, http, identity, clock, random, attempt_timeout, patience) {}

Task<Result<std::string>> Keys::call(const char* action, nlohmann::json request,
                                     std::optional<Duration> patience) {
  auto call = json_call("TrentService", action, request);
  call.patience = patience;
  auto outcome = co_await caller_.call(std::move(call));
  co_return std::move(outcome.reply);
}

Task<Result<KmsKey>> Keys::describe_key(std::string key, std::optional<Duration> patience) {
  CO_TRY(const auto body, co_await call("DescribeKey", {{"KeyId", std::move(key)}}, patience));
  auto found = read_key(body);
  if (!found) {
    co_return fail(ErrorKind::unknown_fate, "DescribeKey: the answer is no key");
  }
  co_return *std::move(found);
}

Task<Status> Keys::may_create_grant(std::string arn, std::optional<Duration> patience) {
  const auto grantee = owner_of(arn);
  json request{{"KeyId", std::move(arn)},
               {"GranteePrincipal", grantee},
               {"Operations", json::array({"Decrypt"})},
               {"DryRun", true}};
  const auto tried = co_await call("CreateGrant", std::move(request), patience);
  if (!tried && tried.error().kind == ErrorKind::would_work) {
    co_return Status();
  }
  if (!tried) {
    co_return fail(tried.error());
  }
  co_return fail(ErrorKind::refused, "CreateGrant: the endpoint does not know dry runs");
}

}  // namespace pitstop
