#include "peer/peer.hpp"

#include <regex>
#include <sstream>

#include "base/contains.hpp"

namespace pitstop::test {

void PeerTest::SetUp() {
  if (!moto_available() || !aws_cli_available()) {
    GTEST_SKIP() << "moto_server or aws is not on the PATH";
  }
  moto().reset();
  server = std::make_unique<FaultServer>(FaultServerOptions{.upstream = moto().endpoint()});
}

Command PeerTest::pitstop_command(std::vector<std::string> arguments,
                                  EnvironmentChanges changes) const {
  auto environment = aws_test_environment();
  for (auto& [name, value] : changes) {
    environment[name] = value;
  }
  std::vector<std::string> line{PITSTOP_BINARY, "--endpoint-url", server->endpoint(), "--output",
                                "json"};
  line.insert(line.end(), arguments.begin(), arguments.end());
  return {.arguments = std::move(line), .environment = std::move(environment)};
}

ProcessResult PeerTest::pitstop(std::vector<std::string> arguments,
                                EnvironmentChanges changes) const {
  return run_process(pitstop_command(std::move(arguments), std::move(changes)));
}

std::string PeerTest::state_of(const InstanceId& instance) {
  const auto described =
      aws_cli(moto().endpoint(), {"ec2", "describe-instances", "--instance-ids", instance.str()});
  return described["Reservations"][0]["Instances"][0]["State"]["Name"];
}

std::map<std::string, std::string> PeerTest::snapshot_tags(const VolumeId& volume) {
  const auto described = aws_cli(moto().endpoint(), {"ec2", "describe-snapshots", "--filters",
                                                     "Name=volume-id,Values=" + volume.str()});
  std::map<std::string, std::string> tags;
  for (const auto& snapshot : described["Snapshots"]) {
    for (const auto& tag : snapshot["Tags"]) {
      tags[tag["Key"]] = tag["Value"];
    }
  }
  return tags;
}

std::vector<std::string> PeerTest::changes() const {
  std::vector<std::string> actions;
  for (const auto& request : server->requests()) {
    const auto action = request.action();
    const bool asks = action.starts_with("Describe") || action.starts_with("Get");
    if (!asks && request.parameter("DryRun").empty()) {
      actions.push_back(action);
    }
  }
  return actions;
}

nlohmann::json first_backup(const ProcessResult& result) {
  const auto all = messages_in(result.output);
  if (all.empty() || all.back()["message_type"] != "summary" || all.back()["backups"].empty()) {
    ADD_FAILURE() << "no summary with a backup: " << result;
    return nlohmann::json::object();
  }
  return all.back()["backups"][0];
}

Rewrite pending_at(std::string progress) {
  return [progress = std::move(progress)](std::string body) {
    body = std::regex_replace(body, std::regex("<status>completed</status>"),
                              "<status>pending</status>");
    return std::regex_replace(body, std::regex("<progress>100%</progress>"),
                              "<progress>" + progress + "</progress>");
  };
}

}  // namespace pitstop::test
