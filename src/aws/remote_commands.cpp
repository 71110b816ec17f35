#include "aws/remote_commands.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "aws/json_call.hpp"
#include "aws/json_fields.hpp"
#include "base/contains.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

/// Systems Manager API Reference, SendCommand: the least TimeoutSeconds.
constexpr int seconds_for_delivery = 30;

// The same, the errors of SendCommand and GetCommandInvocation.
constexpr std::array command_errors = std::to_array<ErrorMeaning>({
    {"InternalServerError", ErrorKind::unknown_fate},
    {"InvalidDocument", ErrorKind::refused,
     "pitstop freeze template makes it; it has to be there in each region"},
    {"InvalidInstanceId", ErrorKind::refused,
     "is its SSM agent running, and may its role talk to Systems Manager "
     "(AmazonSSMManagedInstanceCore)?"},
    {"InvocationDoesNotExist", ErrorKind::not_found},
});

constexpr ServiceApi commands_api{.name = "ssm",
                                  .title = "Systems Manager",
                                  .codes = command_errors,
                                  .read_error = read_json_error,
                                  .can_be_an_answer = is_json_answer};

json request_of(const RemoteCommand& command) {
  json parameters = json::object();
  for (const auto& [name, value] : command.parameters) {
    parameters[name] = json::array({value});
  }
  return {{"DocumentName", command.document},
          {"InstanceIds", json::array({command.instance.str()})},
          {"Parameters", std::move(parameters)},
          {"Comment", command.comment},
          {"TimeoutSeconds", seconds_for_delivery}};
}

}  // namespace

bool RemoteInvocation::has_ended() const {
  constexpr std::array under_way{"Pending", "InProgress", "Delayed", "Cancelling"};
  return !contains(under_way, status);
}

RemoteCommands::RemoteCommands(Http& http, Identity& identity, Clock& clock, Random& random,
                               Milliseconds attempt_timeout, Duration patience)
    : caller_(commands_api, http, identity, clock, random, attempt_timeout, patience) {}

Task<Result<std::string>> RemoteCommands::call(const char* action, nlohmann::json request,
                                               bool changes, Duration patience) {
  auto call = json_call("AmazonSSM", action, request);
  call.changes = changes;
  call.patience = patience;
  auto outcome = co_await caller_.call(std::move(call));
  co_return std::move(outcome.reply);
}

Task<Result<std::string>> RemoteCommands::send(RemoteCommand command, Duration patience) {
  CO_TRY(const auto body, co_await call("SendCommand", request_of(command), true, patience));
  const auto answer = json::parse(body, nullptr, false);
  auto id = text_of(member(answer, "Command"), "CommandId");
  if (id.empty()) {
    co_return fail(ErrorKind::unknown_fate, "SendCommand: the answer is no command");
  }
  co_return id;
}

Task<Result<RemoteInvocation>> RemoteCommands::look(std::string command, InstanceId instance,
                                                    Duration patience) {
  json request{{"CommandId", std::move(command)}, {"InstanceId", instance.str()}};
  CO_TRY(const auto body,
         co_await call("GetCommandInvocation", std::move(request), false, patience));
  const auto answer = json::parse(body, nullptr, false);
  RemoteInvocation invocation{.status = text_of(answer, "Status"),
                              .output = text_of(answer, "StandardOutputContent"),
                              .errors = text_of(answer, "StandardErrorContent")};
  if (const auto& code = member(answer, "ResponseCode"); code.is_number_integer()) {
    invocation.exit_code = code.get<int>();
  }
  if (invocation.status.empty()) {
    co_return fail(ErrorKind::unknown_fate, "GetCommandInvocation: the answer is no invocation");
  }
  co_return invocation;
}

}  // namespace pitstop
