#include "aws/scheduler_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "aws/credential_hints.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

constexpr std::string_view creating = "CreateSchedule";

struct Row {
  std::string_view code;
  ErrorKind kind;
  std::string_view hint = {};
};

// EventBridge Scheduler API Reference, "Common Error Types" and the errors of each action. Sorted
// by code.
constexpr std::array table = std::to_array<Row>({
    {"AccessDeniedException", ErrorKind::forbidden},
    {"ConflictException", ErrorKind::held},
    {"ExpiredToken", ErrorKind::forbidden, expired_credentials_hint},
    {"ExpiredTokenException", ErrorKind::forbidden, expired_credentials_hint},
    {"IncompleteSignature", ErrorKind::forbidden, check_keys_hint},
    {"IncompleteSignatureException", ErrorKind::forbidden, check_keys_hint},
    {"InvalidClientTokenId", ErrorKind::forbidden, check_keys_hint},
    {"InvalidSignatureException", ErrorKind::forbidden,
     "check the secret access key, and this host's clock"},
    {"MissingAuthenticationToken", ErrorKind::forbidden, check_keys_hint},
    {"MissingAuthenticationTokenException", ErrorKind::forbidden, check_keys_hint},
    {"NotAuthorized", ErrorKind::forbidden, check_keys_hint},
    {"OptInRequired", ErrorKind::forbidden, "enable the region or the service for this account"},
    {"RequestExpired", ErrorKind::forbidden, expired_credentials_hint},
    {"ResourceNotFoundException", ErrorKind::not_found},
    {"ServiceQuotaExceededException", ErrorKind::refused,
     "delete schedules, or ask AWS for a higher quota"},
    {"Throttling", ErrorKind::throttled},
    {"ThrottlingException", ErrorKind::throttled},
    {"TooManyRequestsException", ErrorKind::throttled},
    {"UnrecognizedClientException", ErrorKind::forbidden, check_keys_hint},
    {"ValidationException", ErrorKind::refused},
});
static_assert(std::ranges::is_sorted(table, {}, &Row::code));

const Row* find(std::string_view code) {
  const auto found = std::ranges::lower_bound(table, code, {}, &Row::code);
  return found != table.end() && found->code == code ? &*found : nullptr;
}

std::string text(const json& object, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    if (const auto found = object.find(name); found != object.end() && found->is_string()) {
      return found->get<std::string>();
    }
  }
  return {};
}

/// "ConflictException" of "ConflictException:http://internal…" and "com.amazonaws…#Conflict…".
std::string bare(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const auto hash = code.find('#');
  return std::string(trimmed(hash == std::string_view::npos ? code : code.substr(hash + 1)));
}

ErrorKind kind_of(std::string_view code, std::string_view action, int status) {
  if (const Row* row = find(code)) {
    // Of what exists already, or of somebody who changes the same schedule at this moment.
    const bool is_passing = row->kind == ErrorKind::held && action != creating;
    return is_passing ? ErrorKind::transient : row->kind;
  }
  if (status == 429) {
    return ErrorKind::throttled;
  }
  return status >= 500 ? ErrorKind::unknown_fate : ErrorKind::refused;
}

std::string hint_for(std::string_view code, std::string_view action, std::string_view message) {
  if (code == "AccessDeniedException") {
    return fmt::format("allow scheduler:{}{} in the IAM policy of these credentials", action,
                       action == creating ? ", and iam:PassRole on the guard's role," : "");
  }
  if (code == "ValidationException" && message.contains("assume the role")) {
    return "the role must trust scheduler.amazonaws.com: see pitstop guard template";
  }
  const Row* row = find(code);
  return std::string(row != nullptr ? row->hint : "");
}

}  // namespace

Error explain_scheduler_error(std::string_view action, const HttpResponse& response) {
  auto body = json::parse(response.body, nullptr, false);
  if (!body.is_object()) {
    body = json::object();
  }
  const auto code =
      bare(response.header("x-amzn-ErrorType").value_or(text(body, {"__type", "code", "Code"})));
  if (code.empty()) {
    return not_from_scheduler(action, response);
  }
  // Below its first line AWS repeats the request with all its headers when the signature is wrong,
  // a session token among them.
  const auto message = printable(first_line(text(body, {"Message", "message"})));
  auto shown = fmt::format("{}: {}", action, printable(code));
  if (!message.empty()) {
    shown += fmt::format(": {}", message);
  }
  return {kind_of(code, action, response.status), std::move(shown), hint_for(code, action, message),
          code};
}

Error not_from_scheduler(std::string_view action, const HttpResponse& response) {
  constexpr std::size_t shown_of_body = 120;
  const auto shown = printable(trimmed(response.body), shown_of_body);
  return {response.status == 429 ? ErrorKind::throttled : ErrorKind::unknown_fate,
          fmt::format("{}: HTTP {} with a body that is not EventBridge Scheduler's: {}", action,
                      response.status, shown.empty() ? "nothing" : shown),
          "is the endpoint really AWS's? check --endpoint-url and proxies",
          {}};
}

}  // namespace pitstop
