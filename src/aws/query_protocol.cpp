#include "aws/query_protocol.hpp"

#include <fmt/format.h>

#include <set>

#include "aws/xml.hpp"
#include "base/text.hpp"

namespace pitstop::query {

Form& Form::add_list(const std::string& name, const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    add(fmt::format("{}.member.{}", name, i + 1), values[i]);
  }
  return *this;
}

ServiceCall Form::as_call(bool changes, std::optional<Duration> patience) const {
  return {.action = action_,
          .changes = changes,
          .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
          .body = canonical_query(parameters_),
          .patience = patience};
}

Task<Status> for_each_member(ServiceCaller& caller, Form form, PagedList list,
                             std::optional<Duration> patience, Take take) {
  std::set<std::string> seen_tokens;
  std::string token;
  do {
    auto page = form;
    if (!token.empty()) {
      page.add(list.token, token);
    }
    auto call = page.as_call(false, patience);
    auto outcome = co_await caller.call(std::move(call));
    CO_TRY(const auto body, std::move(outcome.reply));
    const auto document = parse(body);
    const auto result = result_of(document);
    for (const auto& member : result.child(list.element.c_str()).children("member")) {
      CO_TRY_STATUS(take(member));
    }
    token = trimmed(result.child_value(list.next_token.c_str()));
    if (!token.empty() && !seen_tokens.insert(token).second) {
      co_return fail(
          ErrorKind::refused,
          fmt::format("{}: the endpoint gives the same page again and again", form.action()),
          "is the endpoint really AWS's? check --endpoint-url");
    }
  } while (!token.empty());
  co_return Status();
}

pugi::xml_document parse(const std::string& body) {
  pugi::xml_document document;
  document.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8);
  return document;
}

pugi::xml_node result_of(const pugi::xml_document& document) {
  const auto root = document.document_element();
  // "DescribeTargetHealthResult" in a "DescribeTargetHealthResponse".
  constexpr std::string_view end = "Response";
  const std::string_view name = root.name();
  const auto stem = name.substr(0, name.size() - std::min(name.size(), end.size()));
  return root.child((std::string(stem) + "Result").c_str());
}

AnsweredError read_error(const HttpResponse& response) {
  if (xml::is_too_dense(response.body)) {
    return {};
  }
  const auto document = parse(response.body);
  const auto error = document.document_element().child("Error");
  return {std::string(trimmed(error.child_value("Code"))),
          std::string(trimmed(error.child_value("Message")))};
}

bool can_be_an_answer(std::string_view action, const std::string& body) {
  if (xml::is_too_dense(body)) {
    return false;
  }
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8);
  return parsed && document.document_element().name() == fmt::format("{}Response", action);
}

}  // namespace pitstop::query
