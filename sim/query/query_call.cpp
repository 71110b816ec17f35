#include "sim/query/query_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "base/packing.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/api/received_form.hpp"
#include "sim/service_errors.hpp"

namespace pitstop::sim {
namespace {

constexpr std::string_view token_mark = "after ";

constexpr std::array query_errors = {
    CommonError{"AuthFailure", "InvalidClientTokenId", 403},
    CommonError{"InvalidCharacter", "ValidationError", 400},
    CommonError{"InvalidParameterValue", "ValidationError", 400},
    CommonError{"MissingParameter", "ValidationError", 400},
};

HttpResponse xml_response(int status, std::string body, const std::string& request_id) {
  return {
      status, {{"x-amzn-RequestId", request_id}, {"Content-Type", "text/xml"}}, std::move(body)};
}

Answer<std::string> carry_out_form(const QueryService& service, const Region& region,
                                   const ReceivedCall& received,
                                   const std::function<Answer<void>(QueryCall&)>& carry_out) {
  TRY(auto parameters, read_form(received.request.body));
  FormReader form(std::move(parameters));
  const auto action = form.text("Action");
  if (action.empty()) {
    return refuse("MissingAction", "The request must contain the parameter Action");
  }
  const auto version = form.text("Version");
  if (version != service.version) {
    return refuse("InvalidAction",
                  fmt::format("Could not find operation {} for version {}", printable(action),
                              version.empty() ? "NO_VERSION_SPECIFIED" : printable(version)));
  }
  read_signature(form);
  xml::Document document;
  const auto root = document.begin(action + "Response", service.name_space);
  const auto result = root.append_child(action + "Result");
  QueryCall call{service, action, region, form, result, received.denied};
  TRY_STATUS(carry_out(call));
  put(root.append_child("ResponseMetadata"), "RequestId", received.request_id);
  return document.finish();
}

}  // namespace

Answer<void> QueryCall::admit(std::string_view resource) {
  if (const auto unknown = form.unread()) {
    return refuse("ValidationError",
                  fmt::format("The parameter {} is not recognized", printable(*unknown)));
  }
  const auto permission = fmt::format("{}:{}", to_string(service.service), action);
  if (contains(denied, permission)) {
    return refuse("AccessDenied", not_authorized(region.account, permission, resource), 403);
  }
  return {};
}

Answer<QueryPage> read_query_page(FormReader& form, std::string_view most_parameter,
                                  std::string_view token, int most, std::string token_error) {
  TRY(const auto asked, form.number(most_parameter));
  if (asked && (*asked < 1 || *asked > most)) {
    return refuse("ValidationError",
                  fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy "
                              "constraint: Member must have value between 1 and {}",
                              *asked, most_parameter, most));
  }
  QueryPage page{static_cast<std::size_t>(asked.value_or(most)), ""};
  const auto given = form.text(token);
  if (given.empty()) {
    return page;
  }
  const auto after = from_base64(given);
  if (!after || !after->starts_with(token_mark)) {
    return refuse(std::move(token_error), "The token is not valid.");
  }
  page.after = after->substr(token_mark.size());
  return page;
}

std::string query_token(std::string_view last_key) {
  return base64(fmt::format("{}{}", token_mark, last_key));
}

std::unexpected<ApiError> missing_member(std::string_view path) {
  return refuse("ValidationError",
                fmt::format("1 validation error detected: Value null at '{}' failed to satisfy "
                            "constraint: Member must not be null",
                            path));
}

HttpResponse answer_query_call(const QueryService& service, const Region& region,
                               const ReceivedCall& received,
                               const std::function<Answer<void>(QueryCall&)>& carry_out) {
  auto body = carry_out_form(service, region, received, carry_out);
  return body ? xml_response(200, *std::move(body), received.request_id)
              : query_refusal(service, std::move(body).error(), received.request_id);
}

std::unexpected<ApiError> unknown_action(const QueryCall& call) {
  return refuse("InvalidAction", fmt::format("Could not find operation {} for version {}",
                                             printable(call.action), call.service.version));
}

HttpResponse query_refusal(const QueryService& service, ApiError error,
                           const std::string& request_id) {
  error = in_words_of(query_errors, std::move(error));
  xml::Document document;
  const auto root = document.begin("ErrorResponse", service.name_space);
  const auto element = root.append_child("Error");
  put(element, "Type", error.status < 500 ? "Sender" : "Receiver");
  put(element, "Code", error.code);
  put(element, "Message", error.message);
  put(root, "RequestId", request_id);
  return xml_response(error.status, document.finish(), request_id);
}

}  // namespace pitstop::sim
