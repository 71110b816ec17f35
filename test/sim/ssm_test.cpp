// The simulated Systems Manager: commands to agents, and what the document does to volumes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service_bench.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Ssm : public testing::Test {
 protected:
  json ask(const std::string& action, const json& request) {
    return json::parse(bench.ssm(request.dump(), action).body);
  }

  json command(const std::string& action, const std::string& backup = "b-0123456789ab") {
    return {{"DocumentName", "pitstop-freeze"},
            {"InstanceIds", {bench.id()}},
            {"Parameters", {{"Action", {action}}, {"Backup", {backup}}}}};
  }

  json send(const json& request) { return ask("SendCommand", request); }

  json look(const json& sent) {
    return ask("GetCommandInvocation",
               {{"CommandId", sent["Command"]["CommandId"]}, {"InstanceId", bench.id()}});
  }

  /// To its end.
  json run(const std::string& action, const std::string& backup = "b-0123456789ab") {
    const auto sent = send(command(action, backup));
    EXPECT_EQ(look(sent)["Status"], "Pending");
    bench.pass(Seconds(5));
    return look(sent);
  }

  sim::FileSystem data_volume() {
    return bench.region().volumes.at(VolumeId(bench.volume(1))).contents.file_system;
  }

  ServiceBench bench{api_scenario()};
};

TEST_F(Ssm, FreezesAndThaws) {
  const auto frozen = run("freeze");
  EXPECT_EQ(frozen["Status"], "Success");
  EXPECT_EQ(frozen["ResponseCode"], 0);
  EXPECT_EQ(data_volume(), sim::FileSystem::frozen);
  EXPECT_EQ(bench.region().volumes.at(VolumeId(bench.volume(0))).contents.file_system,
            sim::FileSystem::mounted);
  EXPECT_EQ(run("freeze")["Status"], "Success");
  EXPECT_EQ(run("freeze", "b-ba9876543210")["ResponseCode"], 21);
  EXPECT_EQ(run("thaw")["Status"], "Success");
  EXPECT_EQ(data_volume(), sim::FileSystem::mounted);
}

TEST_F(Ssm, ThawsByItself) {
  run("freeze");
  bench.pass(Seconds(31));
  EXPECT_EQ(data_volume(), sim::FileSystem::mounted);
  const auto late = run("thaw");
  EXPECT_EQ(late["Status"], "Failed");
  EXPECT_EQ(late["ResponseCode"], 25);
}

TEST_F(Ssm, AServerThatStopsFirstNeverHasTheCommand) {
  const auto sent = send(command("freeze"));
  bench.stop();
  bench.pass(Seconds(10));
  EXPECT_EQ(look(sent)["Status"], "TimedOut");
  EXPECT_EQ(send(command("freeze"))["__type"], "InvalidInstanceId");
}

TEST_F(Ssm, RefusesWhatItDoesNotKnow) {
  auto other = command("freeze");
  other["DocumentName"] = "AWS-RunShellScript";
  EXPECT_EQ(send(other)["__type"], "InvalidDocument");
  auto stranger = command("freeze");
  stranger["InstanceIds"] = {"i-0123456789abcdef0"};
  EXPECT_EQ(send(stranger)["__type"], "InvalidInstanceId");
  EXPECT_EQ(send(command("melt"))["__type"], "InvalidParameters");
  auto hasty = command("freeze");
  hasty["TimeoutSeconds"] = 5;
  EXPECT_EQ(send(hasty)["__type"], "ValidationException");
  auto more = command("freeze");
  more["Targets"] = json::array();
  EXPECT_THAT(send(more)["message"].get<std::string>(), HasSubstr("Targets"));
  EXPECT_EQ(ask("GetCommandInvocation", {{"CommandId", "x"}, {"InstanceId", "i-1"}})["__type"],
            "InvocationDoesNotExist");
  EXPECT_EQ(ask("ListCommands", json::object())["__type"], "UnknownOperationException");
  EXPECT_EQ(json::parse(bench.ssm("[", "SendCommand").body)["__type"], "SerializationException");
}

TEST_F(Ssm, DeniesWhatIsDenied) {
  bench.simulator.deny({"ssm:SendCommand"});
  EXPECT_EQ(send(command("freeze"))["__type"], "AccessDeniedException");
}

}  // namespace
}  // namespace pitstop::test
