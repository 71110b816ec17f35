#include "aws/keys.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "aws/json_fields.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

// KMS API Reference, the errors of DescribeKey, and those that a key's state brings.
constexpr std::array key_errors = std::to_array<ErrorMeaning>({
    {"DependencyTimeoutException", ErrorKind::transient},
    {"InvalidArnException", ErrorKind::refused},
    {"KMSInternalException", ErrorKind::transient},
    {"NotFoundException", ErrorKind::not_found},
});

constexpr ServiceApi keys_api{.name = "kms",
                              .title = "KMS",
                              .codes = key_errors,
                              .read_error = read_json_error,
                              .can_be_an_answer = is_json_answer};

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

Task<Result<KmsKey>> Keys::describe_key(std::string key, std::optional<Duration> patience) {
  ServiceCall call{
      .action = "DescribeKey",
      .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                  {"X-Amz-Target", "TrentService.DescribeKey"}},
      .body = json{{"KeyId", std::move(key)}}.dump(-1, ' ', false, json::error_handler_t::replace),
      .patience = patience};
  auto outcome = co_await caller_.call(std::move(call));
  CO_TRY(const auto body, std::move(outcome.reply));
  auto found = read_key(body);
  if (!found) {
    co_return fail(ErrorKind::unknown_fate, "DescribeKey: the answer is no key");
  }
  co_return *std::move(found);
}

}  // namespace pitstop
