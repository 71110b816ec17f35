// The gates, with moto's snapshots made to look as AWS's do.

#include <gmock/gmock.h>

#include <thread>

#include "peer/peer.hpp"

namespace pitstop::test {
namespace {

using testing::IsEmpty;

class PeerGate : public PeerTest {
 protected:
  void SetUp() override {
    PeerTest::SetUp();
    if (server) {
      // After the dry run: the answer shows no progress yet, as AWS's does.
      server->on("CreateSnapshots").nth(2).rewrite(pending_at(""));
    }
  }

  /// How many looks at the snapshots came before the start.
  std::size_t looks_before_start() const {
    std::size_t looks = 0;
    for (const auto& request : server->requests()) {
      if (request.action() == "CreateSnapshots" && request.parameter("DryRun").empty()) {
        looks = 0;  // before, the check has looked for pending ones
      }
      if (request.action() == "StartInstances" && request.parameter("DryRun").empty()) {
        return looks;
      }
      looks += request.action() == "DescribeSnapshots" ? 1 : 0;
    }
    ADD_FAILURE() << "the server was not started";
    return looks;
  }
};

TEST_F(PeerGate, WaitsWhileProgressIsAbsentEmptyOrZero) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").nth(2).rewrite([](std::string body) {
    const std::string progress = "<progress>100%</progress>";
    for (auto at = body.find(progress); at != std::string::npos; at = body.find(progress)) {
      body.erase(at, progress.size());
    }
    return pending_at("")(body);
  });
  server->on("DescribeSnapshots").nth(3).rewrite(pending_at(""));
  server->on("DescribeSnapshots").nth(4).rewrite(pending_at("0%"));
  server->on("DescribeSnapshots").nth(5).rewrite(pending_at("0"));
  server->on("DescribeSnapshots").nth(6).rewrite(pending_at("3%"));
  const auto result = pitstop({"backup", made.id.str()});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(looks_before_start(), 5U);
  EXPECT_EQ(first_backup(result)["gate"], "progress");
  EXPECT_EQ(first_backup(result)["outcome"], "completed");
  EXPECT_THAT(server->unused_faults(), IsEmpty());
}

TEST_F(PeerGate, OneSnapshotWithoutProgressHoldsTheStart) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").first(4).rewrite([](std::string body) {
    const auto at = body.find("<status>completed</status>");
    if (at == std::string::npos) {
      return body;
    }
    body.replace(at, 26, "<status>pending</status>");
    const auto progress = body.find("<progress>100%</progress>");
    return body.replace(progress, 25, "<progress>0%</progress>");
  });
  const auto result = pitstop({"backup", made.id.str()});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(looks_before_start(), 4U);
  EXPECT_THAT(server->unused_faults(), IsEmpty());
}

TEST_F(PeerGate, AcceptedStartsAsSoonAsTheSnapshotsArePending) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").first(3).rewrite(pending_at("0%"));
  const auto result = pitstop({"backup", made.id.str(), "--start-when", "accepted"});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(looks_before_start(), 1U)
      << "moto leaves the state out of its answer to CreateSnapshots";
  EXPECT_EQ(first_backup(result)["gate"], "accepted");
}

TEST_F(PeerGate, CompletedWaitsForTheEnd) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").first(4).rewrite(pending_at("99%"));
  const auto result = pitstop({"backup", made.id.str(), "--start-when", "completed"});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(looks_before_start(), 4U);
  EXPECT_EQ(first_backup(result)["gate"], "completed");
}

TEST_F(PeerGate, AtTheDeadlineTheServerIsStartedAndTheReportSaysSo) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").always().rewrite(pending_at("0%"));
  const auto result = pitstop({"backup", made.id.str(), "--max-downtime", "2s", "--no-wait"});
  EXPECT_EQ(result.exit_status, 4) << result;
  EXPECT_EQ(first_backup(result)["gate"], "deadline");
  EXPECT_EQ(first_backup(result)["outcome"], "following");
  EXPECT_EQ(state_of(made.id), "running");
}

TEST_F(PeerGate, ASnapshotInErrorFailsTheBackupAndNeverHoldsTheStart) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").always().rewrite([](std::string body) {
    const auto at = body.find("<status>completed</status>");
    return at == std::string::npos ? body : body.replace(at, 26, "<status>error</status>");
  });
  const auto result = pitstop({"backup", made.id.str()});
  EXPECT_EQ(result.exit_status, 1) << result;
  EXPECT_EQ(first_backup(result)["outcome"], "failed");
  EXPECT_EQ(looks_before_start(), 1U);
  EXPECT_EQ(state_of(made.id), "running");
}

TEST_F(PeerGate, TheFirstInterruptBringsTheServerBack) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").always().rewrite(pending_at("0%"));
  ChildProcess child(pitstop_command({"backup", made.id.str(), "--max-downtime", "5s"}));
  ASSERT_TRUE(server->await_calls("DescribeSnapshots", 3));
  child.signal(SIGINT);
  const auto result = child.wait(Seconds(60));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->exit_status, 130) << *result;
  EXPECT_EQ(state_of(made.id), "running");
}

TEST_F(PeerGate, TheSecondCtrlCEndsAtOnceAndSaysWhatIsDown) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").always().rewrite(pending_at("0%"));
  auto command = pitstop_command({"backup", made.id.str()});
  command.at_terminal = true;
  ChildProcess child(command);
  ASSERT_TRUE(server->await_calls("DescribeSnapshots", 3));
  child.type("\x03");
  ASSERT_TRUE(child.await_text("interrupted"));
  std::this_thread::sleep_for(std::chrono::milliseconds(1300));
  child.type("\x03");
  const auto result = child.wait(Seconds(60));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->exit_status, 20) << *result;
  EXPECT_NE(result->errors.find("aws ec2 start-instances --instance-ids " + made.id.str()),
            std::string::npos);
}

TEST_F(PeerGate, AClosedTerminalChangesNothing) {
  const auto made = make_instance(moto().endpoint());
  server->on("DescribeSnapshots").first(5).rewrite(pending_at("0%"));
  ChildProcess child(pitstop_command({"backup", made.id.str()}));
  ASSERT_TRUE(server->await_calls("DescribeSnapshots", 2));
  child.signal(SIGHUP);
  const auto result = child.wait(Seconds(60));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->exit_status, 0) << *result;
}

}  // namespace
}  // namespace pitstop::test
