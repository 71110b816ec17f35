// Bad input, a bad endpoint and a bad network: a clear error, the right status, nothing stopped
// that need not be, and no server left down.

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "peer/peer.hpp"
#include "support/loopback.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class PeerErrors : public PeerTest {
 protected:
  /// The message of the one error that ended the command, having checked that it is one with a
  /// hint.
  static nlohmann::json only_error(const ProcessResult& result) {
    const auto all = messages_in(result.output);
    if (all.size() != 1 || all[0]["message_type"] != "error") {
      ADD_FAILURE() << "not one error: " << result;
      return {{"message", ""}, {"hint", ""}};
    }
    EXPECT_NE(all[0]["hint"], "") << result;
    EXPECT_EQ(all[0]["exit_status"], result.exit_status);
    return all[0];
  }

  void expect_untouched(const InstanceId& instance) const {
    EXPECT_THAT(changes(), IsEmpty());
    EXPECT_EQ(state_of(instance), "running");
  }
};

TEST_F(PeerErrors, AMalformedIdIsWrongUsage) {
  for (const std::string id :
       {"i-xyz", "web-1", "i-0123456789abcdef01", "i-0123456789abcdeg0", "<i>", "$(id)"}) {
    const auto result = pitstop({"backup", id});
    EXPECT_EQ(result.exit_status, 2) << result;
    EXPECT_THAT(only_error(result)["message"], HasSubstr("is not an instance id"));
  }
  EXPECT_THAT(server->actions(), IsEmpty());
}

TEST_F(PeerErrors, AnUnknownInstanceIsNamed) {
  const auto result = pitstop({"backup", "i-0123456789abcdef0"});
  EXPECT_EQ(result.exit_status, 1) << result;
  EXPECT_THAT(only_error(result)["message"], HasSubstr("i-0123456789abcdef0"));
  EXPECT_THAT(only_error(result)["hint"], HasSubstr("--region"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(PeerErrors, OneUnknownInstanceStopsNoOther) {
  const auto made = make_instance(moto().endpoint());
  const auto result = pitstop({"backup", made.id.str(), "i-0123456789abcdef0"});
  EXPECT_EQ(result.exit_status, 1) << result;
  expect_untouched(made.id);
}

TEST_F(PeerErrors, ATerminatedInstanceIsRefused) {
  const auto made = make_instance(moto().endpoint());
  aws_cli(moto().endpoint(), {"ec2", "terminate-instances", "--instance-ids", made.id.str()});
  const auto result = pitstop({"backup", made.id.str()});
  EXPECT_EQ(result.exit_status, 10) << result;
  EXPECT_EQ(first_backup(result)["outcome"], "refused");
  EXPECT_THAT(first_backup(result)["error"]["message"], HasSubstr("terminated"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(PeerErrors, NoCredentials) {
  TemporaryDirectory home;
  const auto result =
      pitstop({"backup", "i-0123456789abcdef0"}, {{"AWS_ACCESS_KEY_ID", std::nullopt},
                                                  {"AWS_SECRET_ACCESS_KEY", std::nullopt},
                                                  {"HOME", home.path().string()}});
  EXPECT_EQ(result.exit_status, 1) << result;
  EXPECT_THAT(only_error(result)["message"], HasSubstr("no AWS credentials"));
}

TEST_F(PeerErrors, NoRegion) {
  TemporaryDirectory home;
  const auto result =
      pitstop({"backup", "i-0123456789abcdef0"}, {{"AWS_DEFAULT_REGION", std::nullopt},
                                                  {"AWS_REGION", std::nullopt},
                                                  {"HOME", home.path().string()}});
  EXPECT_EQ(result.exit_status, 2) << result;
  EXPECT_THAT(only_error(result)["message"], HasSubstr("region"));
}

TEST_F(PeerErrors, AnEndpointThatRefusesConnections) {
  auto command = pitstop_command({"backup", "i-0123456789abcdef0", "--timeout", "200ms"});
  command.arguments[2] = "http://127.0.0.1:" + std::to_string(free_port());
  const auto result = run_process(command);
  EXPECT_EQ(result.exit_status, 1) << result;
  EXPECT_THAT(only_error(result)["hint"], HasSubstr("--endpoint-url"));
}

// What an endpoint can answer that is not EC2's, asked before anything is stopped.
TEST_F(PeerErrors, AnEndpointThatIsNotEc2) {
  const auto made = make_instance(moto().endpoint());
  const std::vector<std::pair<std::string, std::function<void(Fault)>>> faults = {
      {"HTML", [](Fault fault) { fault.html_page(500); }},
      {"HTML as 200", [](Fault fault) { fault.html_page(200); }},
      {"a cut body", [](Fault fault) { fault.cut_body(); }},
      {"broken XML", [](Fault fault) { fault.broken_xml(); }},
      {"garbage", [](Fault fault) { fault.garbage(); }},
      {"silence", [](Fault fault) { fault.hang(); }},
      {"a closed connection", [](Fault fault) { fault.close_unanswered(); }},
      {"another service's answer",
       [](Fault fault) { fault.reply(200, "<ListAllMyBucketsResult/>"); }},
  };
  for (const auto& [name, inject] : faults) {
    SCOPED_TRACE(name);
    server = std::make_unique<FaultServer>(FaultServerOptions{.upstream = moto().endpoint()});
    inject(server->on("DescribeInstances").always());
    const auto result = pitstop({"backup", made.id.str(), "--timeout", "300ms"});
    EXPECT_EQ(result.exit_status, 1) << result;
    only_error(result);
    EXPECT_THAT(changes(), IsEmpty());
  }
  EXPECT_EQ(state_of(made.id), "running");
}

struct FaultAfterTheStop {
  std::string name;
  std::string action;
  std::function<void(Fault)> inject;
};

std::vector<FaultAfterTheStop> faults_after_the_stop() {
  std::vector<FaultAfterTheStop> all;
  for (const std::string action : {"StopInstances", "StartInstances"}) {
    const auto add = [&](const std::string& name, std::function<void(Fault)> inject) {
      all.push_back({action + ": " + name, action, std::move(inject)});
    };
    add("HTML", [](Fault fault) { fault.html_page(502); });
    add("a cut body", [](Fault fault) { fault.cut_body(); });
    add("broken XML", [](Fault fault) { fault.broken_xml(); });
    add("garbage", [](Fault fault) { fault.garbage(); });
    add("silence", [](Fault fault) { fault.hang(); });
    add("a lost reply", [](Fault fault) { fault.lose_reply_after_effect(); });
    add("throttling", [](Fault fault) { fault.reply_error(503, "RequestLimitExceeded"); });
    add("no capacity", [](Fault fault) { fault.reply_error(500, "InsufficientInstanceCapacity"); });
  }
  return all;
}

// The same after the stop, at each call of the procedure: the server comes back. Each waits for
// most of its time, so they do it together.
TEST_F(PeerErrors, AFaultAfterTheStopNeverLeavesTheServerDown) {
  struct Seen {
    InstanceId instance;
    std::unique_ptr<FaultServer> server;
    ProcessResult result;
  };
  const auto faults = faults_after_the_stop();
  std::vector<Seen> all(faults.size());
  constexpr std::size_t at_a_time = 8;
  std::vector<std::jthread> runs;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (runs.size() == at_a_time) {
      runs.clear();
    }
    auto& seen = all[i];
    seen.instance = make_instance(moto().endpoint()).id;
    seen.server = std::make_unique<FaultServer>(FaultServerOptions{.upstream = moto().endpoint()});
    faults[i].inject(seen.server->on(faults[i].action).nth(2));  // the first one is the dry run
    auto command = pitstop_command({"backup", seen.instance.str(), "--timeout", "2s", "--no-wait"});
    std::ranges::replace(command.arguments, server->endpoint(), seen.server->endpoint());
    runs.emplace_back([&seen, command] { seen.result = run_process(command); });
  }
  runs.clear();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    SCOPED_TRACE(faults[i].name);
    EXPECT_EQ(state_of(all[i].instance), "running") << all[i].result;
    EXPECT_LE(all[i].server->count("CreateSnapshots"), 2U);
    EXPECT_THAT(all[i].server->unused_faults(), IsEmpty());
  }
}

TEST_F(PeerErrors, ALostReplyToCreateSnapshotsIsAdoptedAndNotRepeated) {
  const auto made = make_instance(moto().endpoint());
  server->on("CreateSnapshots").nth(2).lose_reply_after_effect();
  const auto result = pitstop({"backup", made.id.str()});
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(server->count("CreateSnapshots"), 2U) << "the dry run and the one call";
  EXPECT_EQ(first_backup(result)["snapshots"].size(), 3U);
  EXPECT_THAT(server->unused_faults(), IsEmpty());
}

TEST_F(PeerErrors, RefusedSnapshotsFailTheBackupAndTheServerComesBack) {
  const auto made = make_instance(moto().endpoint());
  server->on("CreateSnapshots").nth(2).reply_error(400, "SnapshotLimitExceeded");
  const auto result = pitstop({"backup", made.id.str()});
  EXPECT_EQ(result.exit_status, 1) << result;
  EXPECT_EQ(state_of(made.id), "running");
  EXPECT_THAT(first_backup(result)["error"]["message"], HasSubstr("SnapshotLimitExceeded"));
}

TEST_F(PeerErrors, MissingPermissionToStartIsRefusedBeforeTheStop) {
  const auto made = make_instance(moto().endpoint());
  server->on("StartInstances").nth(1).reply_error(403, "UnauthorizedOperation");
  const auto result = pitstop({"backup", made.id.str()});
  EXPECT_EQ(result.exit_status, 10) << result;
  EXPECT_THAT(first_backup(result)["error"]["message"], HasSubstr("StartInstances"));
  expect_untouched(made.id);
}

TEST_F(PeerErrors, StopProtectionFailsTheBackupAndHarmsNothing) {
  const auto made = make_instance(moto().endpoint());
  server->on("StopInstances")
      .nth(2)
      .reply_error(400, "OperationNotPermitted", "may not be stopped");
  const auto result = pitstop({"backup", made.id.str()});
  EXPECT_EQ(result.exit_status, 1) << result;
  EXPECT_EQ(server->count("StartInstances"), 1U) << "the dry run";
  EXPECT_EQ(state_of(made.id), "running");
}

TEST_F(PeerErrors, AVolumeToLeaveOutThatNoServerHasIsAMistake) {
  const auto made = make_instance(moto().endpoint());
  const auto result =
      pitstop({"backup", made.id.str(), "--exclude-volume", "vol-0123456789abcdef0"});
  EXPECT_EQ(result.exit_status, 2) << result;
  EXPECT_THAT(only_error(result)["message"], HasSubstr("vol-0123456789abcdef0"));
  expect_untouched(made.id);
}

TEST_F(PeerErrors, NoSecretReachesAnyOutput) {
  const auto made = make_instance(moto().endpoint());
  const std::string secret = "wJalrXUtnFEMI-very-secret";
  server->on("DescribeSnapshots").nth(1).html_page(500);
  const auto result =
      pitstop({"backup", made.id.str(), "--log-level", "debug"},
              {{"AWS_SECRET_ACCESS_KEY", secret}, {"AWS_SESSION_TOKEN", secret + "-token"}});
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ((result.output + result.errors).find(secret), std::string::npos);
}

}  // namespace
}  // namespace pitstop::test
