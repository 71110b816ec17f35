#include "sim/scheduler/api.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/contains.hpp"
#include "base/packing.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/api/form.hpp"
#include "sim/scheduler/create_request.hpp"
#include "sim/scheduler/route.hpp"
#include "sim/scheduler/schedule_json.hpp"
#include "sim/service_errors.hpp"

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;

/// One call while it is being answered.
struct Call {
  const Route& route;
  FormReader& query;
  const std::string& body;
  EventScheduler& scheduler;
  const std::vector<std::string>& denied;
};

HttpResponse json_response(int status, const Json& body, const std::string& request_id) {
  return {status,
          {{"x-amzn-RequestId", request_id}, {"Content-Type", "application/json"}},
          body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

Answer<void> permit(const Call& call, const std::string& action, const std::string& resource) {
  if (!contains(call.denied, action)) {
    return {};
  }
  return refuse("AccessDeniedException",
                not_authorized(call.scheduler.region().account, action, resource), 403);
}

/// The schedule's name, and the group if there is one, are as they may be.
Answer<void> check_name(Call& call, std::string_view group_parameter) {
  TRY_STATUS(check_text("name", call.route.name, name_rule));
  const auto group = call.query.text(group_parameter);
  if (!group.empty() && group != "default") {
    return refuse("ResourceNotFoundException",
                  fmt::format("Schedule group {} does not exist.", printable(group)), 404);
  }
  return {};
}

Answer<Json> create_schedule(Call& call) {
  TRY_STATUS(check_name(call, ""));
  const auto& region = call.scheduler.region();
  TRY(auto schedule, read_create_request(call.route.name, call.body, region));
  TRY_STATUS(permit(call, "iam:PassRole", schedule.role_arn));
  TRY_STATUS(call.scheduler.create(std::move(schedule)));
  return Json{{"ScheduleArn", call.scheduler.arn_of(call.route.name)}};
}

Answer<Json> get_schedule(Call& call) {
  TRY_STATUS(check_name(call, "groupName"));
  TRY(const auto* const found, call.scheduler.find(call.route.name));
  return schedule_json(*found, call.scheduler);
}

Answer<Json> delete_schedule(Call& call) {
  TRY_STATUS(check_name(call, "groupName"));
  if (const auto token = call.query.optional_text("clientToken")) {
    TRY_STATUS(check_text("clientToken", *token, token_rule));
  }
  TRY_STATUS(call.scheduler.remove(call.route.name));
  return Json::object();
}

Answer<Json> list_schedules(Call& call) {
  constexpr int most = 100;
  const auto prefix = call.query.text("NamePrefix");
  const auto state = call.query.text("State");
  const auto group = call.query.text("ScheduleGroup");
  TRY(const auto asked, call.query.number("MaxResults"));
  if (asked && (*asked < 1 || *asked > most)) {
    return invalid("maxResults", fmt::format("'{}'", *asked),
                   "Member must have value between 1 and 100");
  }
  const auto after = from_base64(call.query.text("NextToken")).value_or("");
  Json page = {{"Schedules", Json::array()}};
  auto& listed = page["Schedules"];
  std::string last;
  for (const auto& [name, schedule] : call.scheduler.schedules()) {
    const bool passes = name > after && name.starts_with(prefix) &&
                        (state.empty() || state == state_of(schedule)) &&
                        (group.empty() || group == "default");
    if (!passes) {
      continue;
    }
    if (listed.size() == static_cast<std::size_t>(asked.value_or(most))) {
      page["NextToken"] = base64(last);
      break;
    }
    listed.push_back(schedule_summary_json(schedule, call.scheduler));
    last = name;
  }
  return page;
}

struct Operation {
  std::string_view name;
  Answer<Json> (*carry_out)(Call&);
};

constexpr std::array<Operation, scheduler_actions.size()> operations{{
    {"CreateSchedule", create_schedule},
    {"DeleteSchedule", delete_schedule},
    {"GetSchedule", get_schedule},
    {"ListSchedules", list_schedules},
}};

Answer<Json> carry_out(Call& call) {
  const auto* operation = std::ranges::find(operations, call.route.action, &Operation::name);
  if (operation == operations.end()) {
    return refuse("UnknownOperationException",
                  "ec2sim knows these actions of EventBridge Scheduler: CreateSchedule, "
                  "DeleteSchedule, GetSchedule, ListSchedules",
                  404);
  }
  const auto resource = call.route.name.empty() ? "*" : call.scheduler.arn_of(call.route.name);
  TRY_STATUS(permit(call, fmt::format("scheduler:{}", operation->name), resource));
  TRY(auto answered, operation->carry_out(call));
  return answered;
}

constexpr std::array scheduler_errors = {
    CommonError{"AuthFailure", "UnrecognizedClientException", 403},
    CommonError{"IncompleteSignature", "IncompleteSignatureException", 400},
    CommonError{"MissingAuthenticationToken", "MissingAuthenticationTokenException", 403},
    CommonError{"RequestExpired", "InvalidSignatureException", 403},
    CommonError{"SignatureDoesNotMatch", "InvalidSignatureException", 403},
    CommonError{"InvalidParameterValue", "ValidationException", 400},
};

}  // namespace

HttpResponse answer_scheduler_call(const ReceivedCall& received, EventScheduler& scheduler) {
  const auto& request = received.request;
  const auto route = route_of(request.method, request.target);
  FormReader query(parse_form(route.query));
  Call call{route, query, request.body, scheduler, received.denied};
  auto answered = carry_out(call);
  return answered ? json_response(200, *answered, received.request_id)
                  : scheduler_refusal(std::move(answered).error(), received.request_id);
}

HttpResponse scheduler_refusal(ApiError error, const std::string& request_id) {
  error = in_words_of(scheduler_errors, std::move(error));
  auto response = json_response(error.status, {{"Message", error.message}}, request_id);
  response.headers.push_back({"x-amzn-ErrorType", error.code});
  return response;
}

}  // namespace pitstop::sim
