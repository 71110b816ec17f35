#include "aws/json_error.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/http_status.hpp"
#include "aws/json_fields.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

/// "ConflictException" of "ConflictException:http://internal…" and "com.amazonaws…#Conflict…".
std::string bare(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const auto hash = code.find('#');
  return std::string(trimmed(hash == std::string_view::npos ? code : code.substr(hash + 1)));
}

}  // namespace

AnsweredError read_json_error(const HttpResponse& response,
                              std::initializer_list<const char*> code_members,
                              std::initializer_list<const char*> message_members) {
  const auto body = nlohmann::json::parse(response.body, nullptr, false);
  const auto code = response.header("x-amzn-ErrorType").value_or(first_text_of(body, code_members));
  return {bare(code), first_text_of(body, message_members)};
}

Error explain_json_error(std::string_view action, const HttpResponse& response) {
  const auto [code, message] =
      read_json_error(response, {"__type", "error"}, {"message", "Message", "error_description"});
  auto shown = fmt::format(
      "{}: {}", action, code.empty() ? fmt::format("HTTP {}", response.status) : printable(code));
  if (!message.empty()) {
    shown += ": " + printable(first_line(message));
  }
  const bool forbidden = response.status == 401 || response.status == 403;
  return {forbidden ? ErrorKind::forbidden : kind_of_status(response.status),
          std::move(shown),
          {},
          code};
}

}  // namespace pitstop
