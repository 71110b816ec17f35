#include "sim/json/json_call.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/service_errors.hpp"

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array json_errors = {
    CommonError{"AuthFailure", "UnrecognizedClientException"},
    CommonError{"IncompleteSignature", "IncompleteSignatureException"},
    CommonError{"MissingAuthenticationToken", "MissingAuthenticationTokenException"},
    CommonError{"RequestExpired", "InvalidSignatureException"},
    CommonError{"SignatureDoesNotMatch", "InvalidSignatureException"},
};

HttpResponse in_json(int status, const Json& body, const std::string& request_id) {
  return {status,
          {{"x-amzn-RequestId", request_id}, {"Content-Type", "application/x-amz-json-1.1"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace

std::string json_action_of(std::string_view operation, std::string_view service) {
  const bool is_its_own =
      operation.starts_with(service) && operation.substr(service.size()).starts_with('.');
  return std::string(is_its_own ? operation.substr(service.size() + 1) : "");
}

Answer<Json> read_json_call(const std::string& body, std::string_view action,
                            std::span<const std::string_view> members) {
  auto read = Json::parse(body, nullptr, false);
  if (!read.is_object()) {
    return refuse("SerializationException", "The request is not a JSON object");
  }
  for (const auto& [name, value] : read.items()) {
    if (!contains(members, name)) {
      return refuse("ValidationException",
                    fmt::format("{} has no member {}", action, printable(name)));
    }
  }
  return read;
}

Answer<void> permit(const ReceivedCall& received, const Region& region,
                    const std::string& permission, std::string_view resource) {
  if (contains(received.denied, permission)) {
    return refuse("AccessDeniedException", not_authorized(region.account, permission, resource));
  }
  return {};
}

HttpResponse json_answer(const Answer<Json>& answer, const std::string& request_id) {
  return answer ? in_json(200, *answer, request_id) : json_refusal(answer.error(), request_id);
}

HttpResponse json_refusal(ApiError error, const std::string& request_id) {
  error = in_words_of(json_errors, std::move(error));
  return in_json(error.status, {{"__type", error.code}, {"message", error.message}}, request_id);
}

}  // namespace pitstop::sim
