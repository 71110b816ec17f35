#include "aws/json_error.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

std::string text(const json& object, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    if (const auto found = object.find(name); found != object.end() && found->is_string()) {
      return found->get<std::string>();
    }
  }
  return {};
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorKind::forbidden;
    case 429:
      return ErrorKind::throttled;
    default:
      return status >= 500 ? ErrorKind::transient : ErrorKind::refused;
  }
}

/// Without the name space before it and the URL after it.
std::string bare(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const auto hash = code.find('#');
  return std::string(trimmed(hash == std::string_view::npos ? code : code.substr(hash + 1)));
}

}  // namespace

Error explain_json_error(std::string_view action, const HttpResponse& response) {
  auto body = json::parse(response.body, nullptr, false);
  if (!body.is_object()) {
    body = json::object();
  }
  const auto code =
      bare(response.header("x-amzn-ErrorType").value_or(text(body, {"__type", "error"})));
  const auto message = text(body, {"message", "Message", "error_description"});
  auto shown = fmt::format(
      "{}: {}", action, code.empty() ? fmt::format("HTTP {}", response.status) : printable(code));
  if (!message.empty()) {
    shown += ": " + printable(first_line(message));
  }
  return {kind_of(response.status), std::move(shown), {}, code};
}

}  // namespace pitstop
