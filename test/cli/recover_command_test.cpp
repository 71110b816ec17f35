// pitstop recover, from the arguments to the exit status: the journal and the cloud are as a killed
// run has left them.

#include "cli/recover_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "backup/down_tag.hpp"
#include "base/contains.hpp"
#include "command_bench.hpp"
#include "journal/journal.hpp"
#include "journal/run_locks.hpp"
#include "support/golden.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const RunId killed_run("r-0123456789ab");

class RecoverCommand : public testing::Test {
 protected:
  std::filesystem::path state_directory() const { return bench.state / "pitstop"; }

  Journal journal() const { return *Journal::open(state_directory()); }

  /// As a run leaves it that is killed while its server is down.
  void leave_down() {
    bench.cloud.set_state(ec2::InstanceState::stopped);
    tag.until = bench.time.wall() + std::chrono::minutes(50);
    bench.cloud.instance_tags.push_back({down_tag_key, to_text(tag)});
  }

  void leave_in_journal(std::vector<Mark> marks) {
    auto open = journal();
    const OpenBackup backup{.run = killed_run,
                            .backup = BackupId("b-0123456789ab"),
                            .instance = bench.cloud.instance,
                            .name = "web-1",
                            .region = "us-east-1",
                            .opened = bench.time.wall(),
                            .start_when = "progress",
                            .found_stopped = false,
                            .holder = "process 4711 on host-1"};
    ASSERT_TRUE(open.open_backup(backup));
    for (const auto mark : marks) {
      const MarkRecord record{bench.time.wall(), mark, mark == Mark::tag ? to_text(tag) : ""};
      ASSERT_TRUE(open.mark(backup.run, backup.instance, record));
    }
  }

  bool is_tagged() const {
    return contains(bench.cloud.instance_tags, std::string(down_tag_key), &ec2::Tag::key);
  }

  CommandBench bench;
  DownTag tag{
      .run = killed_run, .since = bench.time.wall(), .until = bench.time.wall(), .host = "host-1"};
};

TEST_F(RecoverCommand, ExplainsItself) {
  bench.expect_help({"recover", "--help"}, "cli/golden/recover_help.txt");
}

TEST_F(RecoverCommand, HasNothingToDoWhereNothingWasLeft) {
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("nothing to recover"));
}

TEST_F(RecoverCommand, BringsBackWhatTheJournalTellsOf) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_FALSE(is_tagged());
  EXPECT_THAT(*journal().open_backups(), IsEmpty());
  EXPECT_THAT(result.output,
              HasSubstr("recovering: the run r-0123456789ab (process 4711 on host-1) "
                        "ended without finishing with it"));
  EXPECT_THAT(result.output,
              HasSubstr("web-1 (i-0123456789abcdef0): recovered; there is no backup"));
  EXPECT_THAT(result.output, HasSubstr("1 of 1 recovered, 0 with a good backup"));
  const auto records = journal().backups();
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ(records->front().outcome, "failed");
  EXPECT_TRUE(records->front().downtime);
}

/// What only a bug or want of memory can bring about must not leave a server down either.
TEST_F(RecoverCommand, GoesOnAfterASurprise) {
  for (const auto* action : {"StartInstances", "DeleteTags", "DescribeSnapshots"}) {
    SCOPED_TRACE(action);
    leave_down();
    leave_in_journal({Mark::tag, Mark::stop});
    bench.cloud.throws_at = {{action, static_cast<int>(bench.cloud.count(action)) + 1}};
    const bool tag_stays = bench.run({"recover"}).status == 3;
    EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
    EXPECT_EQ(is_tagged(), tag_stays);
    EXPECT_EQ(bench.run({"recover"}).status, 0) << "it does the rest";
    EXPECT_THAT(*journal().open_backups(), IsEmpty());
    EXPECT_FALSE(is_tagged());
  }
}

/// The marks may not be all that there were.
TEST_F(RecoverCommand, StartsWhatIsDownWhateverTheMarksSay) {
  leave_down();
  leave_in_journal({Mark::tag});
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_FALSE(is_tagged());
  EXPECT_THAT(*journal().open_backups(), IsEmpty());
}

TEST_F(RecoverCommand, StartsWhatStopsWhenItIsLookedAt) {
  leave_in_journal({Mark::tag});
  bench.cloud.stops_at(bench.time.now() + Seconds(20), "Client.UserInitiatedShutdown");
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 1U);
}

/// It has no tag yet, in the journal or in EC2: nothing was stopped.
TEST_F(RecoverCommand, DoesNotStartWhatItsRunHadNotBegunWith) {
  bench.cloud.set_state(ec2::InstanceState::stopped);
  leave_in_journal({Mark::prime});
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_THAT(*journal().open_backups(), IsEmpty());
}

TEST_F(RecoverCommand, LeavesAloneARunThatGoesOn) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  RunLocks alive(state_directory());
  ASSERT_TRUE(alive.lock(killed_run));
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_TRUE(is_tagged());
}

TEST_F(RecoverCommand, FindsByItsTagWhatAnotherHostHasLeft) {
  leave_down();
  auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 11) << result.diagnostics;
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::stopped) << "its run may be alive";
  EXPECT_THAT(result.diagnostics,
              HasSubstr("is DOWN: it is held by the run r-0123456789ab on host-1, until "));
  EXPECT_THAT(result.diagnostics, HasSubstr("HINT: if that host is gone: pitstop recover --now"));
  EXPECT_THAT(result.output, HasSubstr("nothing was recovered; 1 server is left as it is"));

  result = bench.run({"recover", "--now"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_FALSE(is_tagged());
}

TEST_F(RecoverCommand, TakesOverWhenTheTimeOfTheTagIsOver) {
  leave_down();
  bench.time.run(bench.time.sleep(std::chrono::hours(1)));
  EXPECT_EQ(bench.run({"recover"}).status, 0);
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
}

TEST_F(RecoverCommand, LeavesStoppedWhatWasFoundStopped) {
  tag.found_stopped = true;
  leave_down();
  EXPECT_EQ(bench.run({"recover", "--now"}).status, 0);
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::stopped);
  EXPECT_FALSE(is_tagged());
}

TEST_F(RecoverCommand, ADryRunSaysWhatWouldBeDone) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  const auto result = bench.run({"recover", "--dry-run"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("would be started (it is stopped)"));
  EXPECT_THAT(result.output,
              HasSubstr("\n1 server to recover; nothing was changed (2 API calls)\n"));
  EXPECT_THAT(result.output, Not(HasSubstr("backed up")));
  EXPECT_THAT(bench.run({"recover", "--help"}).output, Not(HasSubstr("not backed up")));
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_THAT(*journal().open_backups(), Not(IsEmpty()));
}

TEST_F(RecoverCommand, IsOnlyForTheServersThatAreNamed) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  EXPECT_EQ(bench.run({"recover", "i-0a1b2c3d"}).status, 0);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_EQ(bench.run({"recover", bench.cloud.instance.str()}).status, 0);
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
}

TEST_F(RecoverCommand, KeepsTheEntryOfAServerThatIsNotToBeSeen) {
  leave_in_journal({Mark::tag, Mark::stop});
  bench.cloud.instance = InstanceId("i-0a1b2c3d");
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 1) << result.diagnostics;
  EXPECT_THAT(result.diagnostics, HasSubstr("was left behind by the run r-0123456789ab"));
  EXPECT_THAT(result.diagnostics, HasSubstr("pitstop recover --forget i-0123456789abcdef0"));
  EXPECT_THAT(*journal().open_backups(), Not(IsEmpty()));
}

TEST_F(RecoverCommand, ForgetsWhatDoesNotExistAnyMore) {
  leave_in_journal({Mark::tag, Mark::stop});
  const auto result = bench.run({"recover", "--forget", "i-0123456789abcdef0"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(bench.cloud.calls, IsEmpty());
  EXPECT_THAT(*journal().open_backups(), IsEmpty());
  EXPECT_EQ(bench.run({"recover", "--forget", "i-0123456789abcdef0"}).status, 1);
}

TEST_F(RecoverCommand, DoesNotForgetARunThatGoesOn) {
  leave_in_journal({Mark::tag, Mark::stop});
  RunLocks alive(state_directory());
  ASSERT_TRUE(alive.lock(killed_run));
  EXPECT_EQ(bench.run({"recover", "--forget", "i-0123456789abcdef0"}).status, 11);
  EXPECT_THAT(*journal().open_backups(), Not(IsEmpty()));
}

TEST_F(RecoverCommand, RefusesArgumentsThatCannotBeMeant) {
  EXPECT_EQ(bench.run({"recover", "web-1"}).status, 2);
  const auto forget = bench.run({"recover", "--forget"});
  EXPECT_EQ(forget.status, 2);
  EXPECT_THAT(forget.diagnostics, HasSubstr("--forget needs the servers by name"));
  EXPECT_EQ(bench.run({"recover", "--on-down", "/nonexistent/page-me"}).status, 2);
}

TEST_F(RecoverCommand, SpeaksJsonToMachines) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  const auto result = bench.run({"recover", "--output", "json"});
  const auto last = result.output.rfind("{\"message_type\":\"summary\"");
  ASSERT_NE(last, std::string::npos) << result.output;
  const auto summary = nlohmann::json::parse(result.output.substr(last));
  EXPECT_EQ(summary["backups"][0]["recovered"], true);
  EXPECT_EQ(summary["backups"][0]["left_down"], false);
  EXPECT_THAT(result.output, HasSubstr("\"step\":\"recovering\""));
}

/// Every backup does the same before it begins.
TEST_F(RecoverCommand, IsWhatABackupDoesFirst) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  const auto result = bench.run({"backup", bench.cloud.instance.str()});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.count("StartInstances"), 2U);
  EXPECT_LT(bench.cloud.index_of("StartInstances", 1), bench.cloud.index_of("StopInstances", 1));
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_THAT(*journal().open_backups(), IsEmpty());
}

TEST_F(RecoverCommand, ThatTakesLongKeepsABackupOfTheSameServerFromBeginning) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  bench.cloud.fail_from("StartInstances", 1,
                        {ErrorKind::no_capacity, "no room", {}, "InsufficientInstanceCapacity"});
  bench.cloud.faults_end_at(bench.time.now() + std::chrono::minutes(20));
  const auto result = bench.run({"backup", bench.cloud.instance.str()});
  EXPECT_EQ(result.status, 11) << result.diagnostics;
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running) << "it went on until it was back";
  EXPECT_THAT(result.diagnostics, HasSubstr("is DOWN: it is held by the run r-0123456789ab"));
}

/// Another spelling of the same times: it is deleted as it was read, and looked at again.
TEST_F(RecoverCommand, TakesTheTagAwayAsItWasWritten) {
  bench.cloud.set_state(ec2::InstanceState::stopped);
  const auto at = rfc3339(bench.time.wall()).substr(0, 19);
  bench.cloud.instance_tags.push_back(
      {down_tag_key, killed_run.str() + " " + at + "Z " + at.substr(0, 17) + "59.50Z host-1"});
  bench.time.run(bench.time.sleep(std::chrono::hours(1)));
  EXPECT_EQ(bench.run({"recover"}).status, 0);
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_FALSE(is_tagged());
}

/// DeleteTags is answered, and the tag stays.
TEST_F(RecoverCommand, SaysWhenTheTagStays) {
  leave_down();
  leave_in_journal({Mark::tag, Mark::stop});
  bench.cloud.on_call = [&](const ec2::Call& call) {
    if (call.action == "DeleteTags") {
      bench.cloud.instance_tags.push_back({"a", "b"});
      for (auto& each : bench.cloud.instance_tags) {
        if (each.key == down_tag_key) {
          each.value += " again";
        }
      }
    }
  };
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 3) << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("LEFT: its tag pitstop:down is still there"));
  EXPECT_THAT(*journal().open_backups(), Not(IsEmpty()));
}

TEST_F(RecoverCommand, LeavesAloneWhatEc2DoesNotShowAsStoppedByTheRun) {
  bench.cloud.set_state(ec2::InstanceState::stopped);
  bench.time.run(bench.time.sleep(std::chrono::hours(2)));
  tag.since = bench.time.wall();
  tag.until = bench.time.wall() + std::chrono::minutes(1);
  bench.cloud.instance_tags.push_back({down_tag_key, to_text(tag)});
  bench.time.run(bench.time.sleep(std::chrono::hours(1)));
  auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 1) << result.diagnostics;
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_THAT(result.diagnostics, HasSubstr("EC2 does not say that the run r-0123456789ab on "
                                            "host-1 stopped it"));
  const auto id = bench.cloud.instance.str();
  EXPECT_THAT(result.diagnostics, HasSubstr("to start it: pitstop recover " + id));
  result = bench.run({"recover", id});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running) << "a person answers for it";
  EXPECT_FALSE(is_tagged());
}

TEST_F(RecoverCommand, SaysWhichTagsItDoesNotBelieve) {
  bench.cloud.instance_tags.push_back(
      {down_tag_key, "r-1 2026-01-01T00:00:00Z 2999-01-01T00:00:00Z host-9"});
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, HasSubstr("2999-01-01T00:00:00Z host-9\", which no run of "
                                            "pitstop writes"));
  EXPECT_THAT(result.diagnostics,
              HasSubstr("aws ec2 delete-tags --resources i-0123456789abcdef0 --tags "
                        "Key=pitstop:down"));
  EXPECT_TRUE(is_tagged()) << "nothing is done by it";
}

/// What another run does to a server looks like many things; who has it is what is said.
TEST_F(RecoverCommand, CheckAndBackupSayFirstWhoHasAServer) {
  const auto id = bench.cloud.instance.str();
  for (const auto state : {ec2::InstanceState::running, ec2::InstanceState::stopping,
                           ec2::InstanceState::stopped, ec2::InstanceState::pending}) {
    SCOPED_TRACE(to_string(state));
    bench.cloud.instance_tags.clear();
    leave_down();
    bench.cloud.set_state(state);
    for (const auto* command : {"check", "backup"}) {
      const auto result = bench.run({command, id});
      EXPECT_EQ(result.status, 11) << result.output << result.diagnostics;
      EXPECT_THAT(result.output + result.diagnostics,
                  HasSubstr("held by the run r-0123456789ab on host-1, since "));
    }
  }
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
}

TEST_F(RecoverCommand, CheckAndBackupSayFirstWhichProcessHasAServer) {
  leave_in_journal({Mark::tag, Mark::stop});
  bench.cloud.set_state(ec2::InstanceState::stopping);
  RunLocks alive(state_directory());
  ASSERT_TRUE(alive.lock(killed_run));
  for (const auto* command : {"check", "backup"}) {
    const auto result = bench.run({command, bench.cloud.instance.str()});
    EXPECT_EQ(result.status, 11) << result.output << result.diagnostics;
    EXPECT_THAT(result.output + result.diagnostics,
                HasSubstr("is DOWN: it is held by the run r-0123456789ab (process 4711 on host-1), "
                          "since "));
    EXPECT_THAT(result.output + result.diagnostics, HasSubstr(", until "));
  }
}

/// One refused call when clearing away: the backup is good, and the status is not 0.
TEST_F(RecoverCommand, DoesWhatABackupCouldNotClearAway) {
  const auto id = bench.cloud.instance.str();
  bench.cloud.fail_call("DeleteTags", 1, {ErrorKind::forbidden, "ExpiredToken", {}, {}});
  auto result = bench.run({"backup", id, "--output", "json"});
  EXPECT_EQ(result.status, 3) << result.diagnostics;
  const auto last = result.output.rfind("{\"message_type\":\"summary\"");
  const auto summary = nlohmann::json::parse(result.output.substr(last));
  EXPECT_EQ(summary["backups"][0]["outcome"], "completed");
  EXPECT_EQ(summary["backups"][0]["left_behind"][0], "its tag pitstop:down is still there");
  EXPECT_TRUE(is_tagged());
  result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_FALSE(is_tagged());
  EXPECT_THAT(*journal().open_backups(), IsEmpty());
  EXPECT_EQ(journal().backups()->size(), 1U) << "it is one backup";
  EXPECT_THAT(bench.run({"recover"}).output, HasSubstr("nothing to recover"));
}

TEST_F(RecoverCommand, FinishesARestoreOnlyByItsName) {
  EXPECT_EQ(bench.run({"recover", "--restore", "web"}).status, 2);
  EXPECT_EQ(bench.run({"recover", "--restore", "rs-1", bench.cloud.instance.str()}).status, 2);
  const auto result = bench.run({"recover", "--restore", "rs-0123456789ab"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics,
              HasSubstr("no server says that \"rs-0123456789ab\" is under way"));
}

}  // namespace
}  // namespace pitstop::test
