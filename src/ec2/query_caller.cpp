#include "ec2/query_caller.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "ec2/reply.hpp"

namespace pitstop::ec2 {
namespace {

constexpr Milliseconds longest_connect = Seconds(5);

}  // namespace

HttpRequest QueryCaller::request_for(const Call& call) const {
  HttpRequest request;
  request.method = "POST";
  request.url = endpoint_ + "/";
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  Parameters form;
  form.add("Action", call.action);
  form.add("Version", api_version);
  request.body = form.form_encoded();
  if (const auto parameters = call.parameters.form_encoded(); !parameters.empty()) {
    request.body += '&' + parameters;
  }
  request.at_most_once = call.effect != Effect::asks && !call.may_repeat_unseen;
  const auto usual = call.effect == Effect::creates ? attempt_timeout_ * 4 : attempt_timeout_;
  request.total_timeout = std::min(call.attempt_timeout.value_or(usual), usual);
  request.connect_timeout = std::min(request.total_timeout, longest_connect);
  request.max_response_bytes = call.longest_answer;
  return request;
}

Task<Result<Reply>> QueryCaller::call(Call call) {
  HttpRequest request = request_for(call);
  auto response = co_await identity_.send(http_, std::move(request), "ec2");
  if (!response) {
    log::debug("{}: {}", call.action, response.error().message);
    co_return fail(within(call.action, std::move(response).error()));
  }
  log::debug("{}: HTTP {}, {} bytes", call.action, response->status, response->body.size());
  co_return read_reply(*std::move(response), call.action);
}

}  // namespace pitstop::ec2
