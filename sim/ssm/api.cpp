#include "sim/ssm/api.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/service_errors.hpp"
#include "sim/ssm/actions.hpp"

namespace pitstop::sim {
namespace {

using SsmJson = nlohmann::ordered_json;

constexpr std::array members_of_command{"DocumentName", "DocumentVersion", "InstanceIds",
                                        "Parameters",   "Comment",         "TimeoutSeconds"};
constexpr std::array members_of_look{"CommandId", "InstanceId"};

Answer<SsmJson> read_object(const std::string& body, std::span<const char* const> members) {
  auto read = SsmJson::parse(body, nullptr, false);
  if (!read.is_object()) {
    return refuse("SerializationException", "The request is not a JSON object");
  }
  for (const auto& [name, value] : read.items()) {
    if (!contains(members, name)) {
      return refuse("ValidationException",
                    fmt::format("{} is not a member that ec2sim knows", printable(name)));
    }
  }
  return read;
}

std::string text_in(const SsmJson& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The only text of a list of one.
Answer<std::string> only_text(const SsmJson& object, const char* name) {
  const auto found = object.find(name);
  const bool is_one = found != object.end() && found->is_array() && found->size() == 1 &&
                      found->front().is_string();
  if (!is_one) {
    return refuse("ValidationException", fmt::format("{} is not a list of one text", name));
  }
  return found->front().get<std::string>();
}

Answer<SentCommand> read_command(const std::string& body) {
  TRY(const auto read, read_object(body, members_of_command));
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

SsmJson told(const SentCommand& command) {
  return {{"CommandId", command.id},
          {"InstanceId", command.instance.str()},
          {"DocumentName", command.document},
          {"Status", command.status},
          {"StatusDetails", command.status},
          {"ResponseCode", command.exit_code},
          {"StandardOutputContent", command.output},
          {"StandardErrorContent", command.errors}};
}

Answer<SsmJson> carry_out_command(const ReceivedCall& received, Agents& agents,
                                  const Region& region) {
  const auto action = ssm_action_of(received.request.operation);
  if (!contains(ssm_actions, action)) {
    return refuse("UnknownOperationException",
                  "of Systems Manager ec2sim knows SendCommand and GetCommandInvocation only");
  }
  if (contains(received.denied, "ssm:" + action)) {
    return refuse("AccessDeniedException", not_authorized(region.account, "ssm:" + action, "*"));
  }
  if (action == "SendCommand") {
    TRY(auto command, read_command(received.request.body));
    TRY(const auto sent, agents.send(std::move(command)));
    return SsmJson{{"Command",
                    {{"CommandId", sent.id},
                     {"DocumentName", sent.document},
                     {"InstanceIds", {sent.instance.str()}},
                     {"Status", sent.status}}}};
  }
  TRY(const auto read, read_object(received.request.body, members_of_look));
  const auto* command =
      agents.find(text_in(read, "CommandId"), InstanceId(text_in(read, "InstanceId")));
  if (command == nullptr) {
    return refuse("InvocationDoesNotExist", "");
  }
  return told(*command);
}

constexpr std::array ssm_errors = {
    CommonError{"AuthFailure", "UnrecognizedClientException"},
    CommonError{"IncompleteSignature", "IncompleteSignatureException"},
    CommonError{"MissingAuthenticationToken", "MissingAuthenticationTokenException"},
    CommonError{"RequestExpired", "InvalidSignatureException"},
    CommonError{"SignatureDoesNotMatch", "InvalidSignatureException"},
};

HttpResponse in_json(int status, const SsmJson& body, const std::string& request_id) {
  return {status,
          {{"x-amzn-RequestId", request_id}, {"Content-Type", "application/x-amz-json-1.1"}},
          body.dump(-1, ' ', false, SsmJson::error_handler_t::replace)};
}

}  // namespace

HttpResponse answer_ssm_call(const ReceivedCall& received, Agents& agents, const Region& region) {
  const auto done = carry_out_command(received, agents, region);
  return done ? in_json(200, *done, received.request_id)
              : ssm_refusal(done.error(), received.request_id);
}

HttpResponse ssm_refusal(ApiError error, const std::string& request_id) {
  error = in_words_of(ssm_errors, std::move(error));
  return in_json(error.status, {{"__type", error.code}, {"message", error.message}}, request_id);
}

}  // namespace pitstop::sim
