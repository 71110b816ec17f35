// Who is taken for stranded.

#include "backup/stranded.hpp"

#include <gtest/gtest.h>

#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

/// Two processes recover at the same moment: the other one has finished, and let go of the run,
/// between our first look into the journal and our taking its lock.
class OvertakenLogbook final : public Logbook {
 public:
  explicit OvertakenLogbook(PitBench& bench) : bench_(bench), below_(bench.logbook) {}

  Task<Status> open(OpenBackup backup) override { return below_.open(std::move(backup)); }
  Task<Status> mark(RunId run, InstanceId instance, Mark mark, std::string detail,
                    Duration patience) override {
    return below_.mark(std::move(run), std::move(instance), mark, std::move(detail), patience);
  }
  Task<Status> close(BackupRecord record) override { return below_.close(std::move(record)); }
  Task<Status> keep_open(BackupRecord record) override {
    return below_.keep_open(std::move(record));
  }
  Result<std::vector<OpenBackup>> open_backups() override { return below_.open_backups(); }
  Result<std::optional<OpenBackup>> open_backup_of(const InstanceId& instance) override {
    return below_.open_backup_of(instance);
  }
  Status adopt(const RunId& run) override {
    BackupRecord record;
    record.run = run;
    record.instance = bench_.cloud.instance;
    record.outcome = "completed";
    EXPECT_TRUE(bench_.journal.add(record));
    return below_.adopt(run);
  }
  void let_go(const RunId& run) override {
    let_go_of.push_back(run);
    below_.let_go(run);
  }

  std::vector<RunId> let_go_of;

 private:
  PitBench& bench_;
  Logbook& below_;
};

Task<void> find_into(StrandedServers& found, FleetTools tools) {
  auto searched = co_await find_stranded(tools, {});
  EXPECT_TRUE(searched);
  found = std::move(searched).value_or(StrandedServers());
}

TEST(Stranded, IsNotWhatAnotherRecoveryHasJustFinished) {
  PitBench bench;
  const RunId run("r-killed");
  const OpenBackup open{.run = run,
                        .backup = BackupId("b-1"),
                        .instance = bench.cloud.instance,
                        .name = {},
                        .region = "us-east-1",
                        .opened = bench.time.wall(),
                        .start_when = "progress",
                        .holder = "process 1 on host-1"};
  ASSERT_TRUE(bench.journal.open_backup(open));
  OvertakenLogbook logbook(bench);
  auto fleet = bench.tools();
  FleetTools tools{fleet.wire,     fleet.pace,         fleet.clock,          fleet.random,
                   fleet.observer, fleet.interruption, fleet.usual_patience, logbook,
                   nullptr,        fleet.here};
  StrandedServers found;
  bench.time.run(find_into(found, tools));
  EXPECT_TRUE(found.servers.empty());
  EXPECT_TRUE(found.passed_over.empty());
  EXPECT_EQ(logbook.let_go_of, std::vector<RunId>{run});
}

}  // namespace
}  // namespace pitstop::test
