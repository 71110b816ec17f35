#include "support/aws_cli.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/temporary_directory.hpp"

namespace pitstop::test {

bool aws_cli_available() {
  return find_program("aws").has_value();
}

EnvironmentChanges aws_test_environment() {
  EnvironmentChanges changes = {
      {"http_proxy", {}}, {"https_proxy", {}}, {"HTTPS_PROXY", {}},
      {"all_proxy", {}},  {"ALL_PROXY", {}},
  };
  for (char** variable = ::environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (text.starts_with("AWS_")) {
      changes.emplace(text.substr(0, text.find('=')), std::nullopt);
    }
  }
  static const TemporaryDirectory state;
  changes["XDG_STATE_HOME"] = state.path().string();
  changes["AWS_REGION"] = "us-east-1";
  changes["AWS_DEFAULT_REGION"] = "us-east-1";
  changes["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
  changes["AWS_SECRET_ACCESS_KEY"] = "made-up";
  changes["AWS_EC2_METADATA_DISABLED"] = "true";
  changes["AWS_CONFIG_FILE"] = "/dev/null";
  changes["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  return changes;
}

nlohmann::json aws_cli(const std::string& endpoint, const std::vector<std::string>& arguments,
                       const EnvironmentChanges& changes) {
  Command command{.arguments = {"aws", "--endpoint-url", endpoint, "--output", "json"},
                  .environment = aws_test_environment()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  for (const auto& [name, value] : changes) {
    command.environment[name] = value;
  }
  const ProcessResult result = run_process(std::move(command));
  if (!result.succeeded()) {
    std::ostringstream message;
    message << fmt::format("aws {}: ", fmt::join(arguments, " ")) << result;
    throw std::runtime_error(message.str());
  }
  return result.output.empty() ? nlohmann::json() : nlohmann::json::parse(result.output);
}

MadeInstance make_instance(const std::string& endpoint, const TestInstance& wanted,
                           const EnvironmentChanges& changes) {
  nlohmann::json mappings = nlohmann::json::array();
  for (const TestVolume& volume : wanted.volumes) {
    mappings.push_back({{"DeviceName", volume.device},
                        {"Ebs", {{"VolumeSize", volume.size_gib}, {"VolumeType", volume.type}}}});
  }
  const nlohmann::json tags = nlohmann::json::array(
      {{{"ResourceType", "instance"}, {"Tags", {{{"Key", "Name"}, {"Value", wanted.name}}}}}});
  const auto reply = aws_cli(endpoint,
                             {"ec2", "run-instances", "--image-id", "ami-12345678",
                              "--instance-type", "t3.small", "--count", "1", "--tag-specifications",
                              tags.dump(), "--block-device-mappings", mappings.dump()},
                             changes);
  const auto& instance = reply.at("Instances").at(0);
  const auto& attached = instance.at("BlockDeviceMappings");
  MadeInstance made{InstanceId(instance.at("InstanceId")), {}};
  for (const TestVolume& volume : wanted.volumes) {
    const auto found = std::ranges::find(attached, volume.device, [](const nlohmann::json& drive) {
      return drive.at("DeviceName").get<std::string>();
    });
    if (found == attached.end()) {
      throw std::runtime_error(volume.device + " was not attached");
    }
    made.volumes.emplace_back(found->at("Ebs").at("VolumeId").get<std::string>());
  }
  return made;
}

}  // namespace pitstop::test
