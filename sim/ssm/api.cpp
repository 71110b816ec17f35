#include "sim/ssm/api.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "sim/json/json_call.hpp"
#include "sim/ssm/actions.hpp"

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 6> members_of_command{
    "DocumentName", "DocumentVersion", "InstanceIds", "Parameters", "Comment", "TimeoutSeconds"};
constexpr std::array<std::string_view, 2> members_of_look{"CommandId", "InstanceId"};

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The only text of a list of one.
Answer<std::string> only_text(const Json& object, const char* name) {
  const auto found = object.find(name);
  const bool is_one = found != object.end() && found->is_array() && found->size() == 1 &&
                      found->front().is_string();
  if (!is_one) {
    return refuse("ValidationException", fmt::format("{} is not a list of one text", name));
  }
  return found->front().get<std::string>();
}

Answer<SentCommand> read_command(const std::string& body) {
  TRY(const auto read, read_json_call(body, "SendCommand", members_of_command));
  SentCommand command;
  command.document = text_in(read, "DocumentName");
  TRY(auto instance, only_text(read, "InstanceIds"));
  command.instance = InstanceId(std::move(instance));
  const auto timeout = read.find("TimeoutSeconds");
  if (timeout != read.end() && (!timeout->is_number_integer() || *timeout < 30)) {
    return refuse("ValidationException", "TimeoutSeconds is 30 at least");
  }
  const auto parameters = read.find("Parameters");
  if (parameters == read.end() || !parameters->is_object()) {
    return refuse("InvalidParameters", "The document has the parameters Action and Backup");
  }
  TRY(command.action, only_text(*parameters, "Action"));
  TRY(command.backup, only_text(*parameters, "Backup"));
  if (command.action != "freeze" && command.action != "thaw") {
    return refuse("InvalidParameters", "Action is freeze or thaw");
  }
  return command;
}

Json told(const SentCommand& command) {
  return {{"CommandId", command.id},
          {"InstanceId", command.instance.str()},
          {"DocumentName", command.document},
          {"Status", command.status},
          {"StatusDetails", command.status},
          {"ResponseCode", command.exit_code},
          {"StandardOutputContent", command.output},
          {"StandardErrorContent", command.errors}};
}

Answer<Json> carry_out_command(const ReceivedCall& received, Agents& agents, const Region& region) {
  const auto action = json_action_of(received.request.operation, ssm_target);
  if (!contains(ssm_actions, action)) {
    return refuse("UnknownOperationException",
                  "of Systems Manager ec2sim knows SendCommand and GetCommandInvocation only");
  }
  TRY_STATUS(permit(received, region, "ssm:" + action));
  if (action == "SendCommand") {
    TRY(auto command, read_command(received.request.body));
    TRY(const auto sent, agents.send(std::move(command)));
    return Json{{"Command",
                 {{"CommandId", sent.id},
                  {"DocumentName", sent.document},
                  {"InstanceIds", {sent.instance.str()}},
                  {"Status", sent.status}}}};
  }
  TRY(const auto read, read_json_call(received.request.body, action, members_of_look));
  const auto* command =
      agents.find(text_in(read, "CommandId"), InstanceId(text_in(read, "InstanceId")));
  if (command == nullptr) {
    return refuse("InvocationDoesNotExist", "");
  }
  return told(*command);
}

}  // namespace

HttpResponse answer_ssm_call(const ReceivedCall& received, Agents& agents, const Region& region) {
  return json_answer(carry_out_command(received, agents, region), received.request_id);
}

}  // namespace pitstop::sim
