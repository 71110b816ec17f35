#include "support/recorded_request.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace pitstop::test {

namespace {

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned byte = 0;
    const auto digits = text.substr(at + 1, 2);
    if (text[at] == '+') {
      plain += ' ';
    } else if (text[at] == '%' && digits.size() == 2 &&
               std::from_chars(digits.begin(), digits.end(), byte, 16).ptr == digits.end()) {
      plain += static_cast<char>(byte);
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

void add_parameters(RecordedRequest& request, std::string_view form) {
  for (const std::string_view pair : split(form, '&')) {
    const auto name = pair.substr(0, pair.find('='));
    if (!name.empty()) {
      const auto value = pair.substr(std::min(name.size() + 1, pair.size()));
      request.parameters.emplace(decoded(name), decoded(value));
    }
  }
}

}  // namespace

std::string RecordedRequest::action() const {
  const auto named = parameter("Action");
  return named.empty() ? header("X-Amz-Target") : named;
}

std::string RecordedRequest::header(std::string_view name) const {
  const auto wanted = lower_case(name);
  const auto found = std::ranges::find_if(
      headers, [&](const HttpHeader& candidate) { return lower_case(candidate.name) == wanted; });
  return found == headers.end() ? "" : found->value;
}

std::string RecordedRequest::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

RecordedRequest recorded(HttpRequest request) {
  RecordedRequest record;
  record.method = std::move(request.method);
  record.target = std::move(request.url);
  record.headers = std::move(request.headers);
  record.body = std::move(request.body);
  record.proxied = record.target.contains("://");
  if (const auto query = record.target.find('?'); query != std::string::npos) {
    add_parameters(record, std::string_view(record.target).substr(query + 1));
  }
  if (record.header("Content-Type").starts_with("application/x-www-form-urlencoded")) {
    add_parameters(record, record.body);
  }
  return record;
}

}  // namespace pitstop::test
