// The end of a run with many servers: a screenful, whatever has happened.

#include "report/fleet_summary.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/reasons.hpp"
#include "report/summary_text.hpp"
#include "report/text_report.hpp"
#include "sample.hpp"
#include "support/golden.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

class Fleet {
 public:
  /// Backed up, each down for a second longer than the one before.
  void add_good(int servers) {
    for (int i = 0; i < servers; ++i) {
      auto& backup = add(good_backup());
      backup.downtime = Seconds(30 + i);
      backup.backup = BackupId(fmt::format("b-{:012x}", i));
    }
  }

  BackupOutcome& add_failed(const std::string& message, const std::string& hint = {}) {
    auto& backup = add({});
    backup.outcome = Outcome::failed;
    backup.error = Error{ErrorKind::refused, backup.instance.str() + message, hint, {}};
    return backup;
  }

  BackupOutcome& add_refused(const std::string& message, const std::string& hint = {}) {
    auto& backup = add_failed(message, hint);
    backup.outcome = Outcome::refused;
    return backup;
  }

  RunSummary summary(int exit_status = 3) const { return sample_summary(backups_, exit_status); }
  const std::vector<BackupOutcome>& backups() const { return backups_; }
  const std::vector<ec2::Instance>& servers() const { return servers_; }

  Titles titles() const {
    Titles titles;
    for (const auto& server : servers_) {
      titles.add(server);
    }
    return titles;
  }

 private:
  BackupOutcome& add(BackupOutcome backup) {
    const auto number = static_cast<int>(backups_.size());
    backup.instance = InstanceId(fmt::format("i-{:017x}", number));
    servers_.push_back(sample_instance(backup.instance, fmt::format("web-{}", number)));
    backups_.push_back(std::move(backup));
    return backups_.back();
  }

  std::vector<BackupOutcome> backups_;
  std::vector<ec2::Instance> servers_;
};

/// Much of everything.
Fleet troubled_fleet() {
  Fleet fleet;
  fleet.add_good(40);
  for (int i = 0; i < 12; ++i) {
    fleet.add_failed(fmt::format(": snap-{:017x} of vol-{:017x} is in state error", i, i),
                     "this backup is not complete: take another one");
  }
  for (int i = 0; i < 2; ++i) {
    fleet.add_failed(" fell back to stopped: no capacity", "wait").left_down = true;
  }
  fleet.add_failed(" did not stop within 10m 00s", "it is being watched until it does");
  for (int i = 0; i < 4; ++i) {
    auto& refused = fleet.add_refused(" has stop protection");
    refused.error->hint = "aws ec2 modify-instance-attribute --no-disable-api-stop --instance-id " +
                          refused.instance.str();
  }
  return fleet;
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(FleetSummary, ReadsLikeThisInAMail) {
  const auto fleet = troubled_fleet();
  std::ostringstream mail;
  TextReport report(mail, mail);
  report.begun(fleet.servers());
  report.ended(fleet.summary());
  expect_golden("report/golden/fleet_mail.txt", mail.str());
}

TEST(FleetSummary, IsShortWhenAllIsWell) {
  Fleet fleet;
  fleet.add_good(1000);
  const auto text = summary_text(fleet.summary(0), fleet.titles());
  EXPECT_EQ(text,
            "\n"
            "downtime   median 8m 50s, p99 16m 59s, worst 17m 09s: web-999 (i-000000000000003e7)\n"
            "snapshots  2000 of 16392000 GiB\n"
            "contents   1000 at rest\n"
            "\n"
            "1000 of 1000 backed up, in 12m 40s (run r-0123456789ab, 57 API calls)\n"
            "pitstop show r-0123456789ab shows all of it\n");
  EXPECT_EQ(errors_text(fleet.summary(0), fleet.titles()), "");
}

TEST(FleetSummary, BeginsWithTheEleventhServer) {
  Fleet fleet;
  fleet.add_good(10);
  EXPECT_FALSE(is_of_a_fleet(fleet.summary()));
  EXPECT_THAT(summary_text(fleet.summary(), fleet.titles()), HasSubstr("web-9"));
  fleet.add_good(1);
  EXPECT_TRUE(is_of_a_fleet(fleet.summary()));
  EXPECT_THAT(summary_text(fleet.summary(), fleet.titles()), Not(HasSubstr("backed up as")));
}

TEST(FleetSummary, FitsAnyScreenButForThoseThatAreDown) {
  Fleet fleet;
  fleet.add_good(20);
  for (int i = 0; i < 60; ++i) {
    const std::string reason(1 + static_cast<std::size_t>(i) % 30, 'x');
    fleet.add_failed(" is lost: " + reason, "do this");
    fleet.add_refused(" is not " + reason + " enough");
  }
  const auto titles = fleet.titles();
  const auto rows = [](const std::string& text, BoardSize screen) {
    const auto columns = static_cast<std::size_t>(screen.columns);
    std::size_t count = 0;
    for (const auto line : split(trimmed(text), '\n')) {
      count += std::max<std::size_t>((columns_of(line) + columns - 1) / columns, 1);
    }
    return count + 1;  // the empty one in front
  };
  for (int columns = 40; columns < 200; columns += 31) {
    for (int lines = 15; lines < 80; lines += 3) {
      const BoardSize screen{columns, lines};
      const auto text = summary_text(fleet.summary(), titles, screen);
      EXPECT_LE(rows(text, screen), static_cast<std::size_t>(lines)) << text;
      EXPECT_THAT(text, HasSubstr(" more, for other reasons")) << text;
    }
  }
  EXPECT_LE(lines_in(summary_text(fleet.summary(), titles)), 24U);
  EXPECT_LE(lines_in(errors_text(fleet.summary(), titles)), 24U);
  EXPECT_THAT(summary_text(fleet.summary(), titles, {1, 1}), HasSubstr("pitstop show"));
}

TEST(FleetSummary, NamesEveryServerThatIsDown) {
  Fleet fleet;
  fleet.add_good(20);
  for (int i = 0; i < 50; ++i) {
    fleet.add_failed(" does not start").left_down = true;
  }
  const auto text = summary_text(fleet.summary(20), fleet.titles());
  EXPECT_THAT(text, testing::StartsWith("\nDOWN, stopped by pitstop and not running:\n"));
  for (int i = 20; i < 70; ++i) {
    EXPECT_THAT(text, HasSubstr(fmt::format("  web-{} (i-{:017x}): does not start\n", i, i)));
  }
}

TEST(FleetSummary, TellsOfARecoveryWhereToLook) {
  Fleet fleet;
  fleet.add_good(11);
  auto summary = fleet.summary(0);
  summary.recovery = true;
  summary.run = {};
  EXPECT_TRUE(
      summary_text(summary, fleet.titles())
          .ends_with("11 of 11 recovered, 11 with a good backup, in 12m 40s (57 API calls)\n"
                     "pitstop show RUN shows all of it\n"));
}

TEST(Reasons, AreTheSameButForTheIdsAndTimesInThem) {
  Fleet fleet;
  for (int i = 0; i < 2; ++i) {
    fleet.add_failed(fmt::format(": snap-{:017x} since 2026-11-23T00:16:0{}.250Z", i, i), "wait");
    fleet.add_refused(" is held by the run r-0123456789ab (host-0123)");
    fleet.add_refused(fmt::format(" has {} volumes", i));
  }
  std::vector<std::string> texts;
  for (const auto& reason : reasons_of(fleet.backups())) {
    texts.push_back(fmt::format("{} {}", reason.servers.size(), reason.text));
  }
  EXPECT_THAT(texts, testing::ElementsAre("2 snap-… since …",
                                          "2 is held by the run r-0123456789ab (host-0123)",
                                          "1 has 0 volumes", "1 has 1 volumes"));
}

TEST(Reasons, KeepTheirOwnIdWhereThereIsOne) {
  Fleet fleet;
  fleet.add_failed(" has vol-0123456789abcdef0", "look at vol-0123456789abcdef0");
  const auto reason = reasons_of(fleet.backups()).at(0);
  EXPECT_EQ(reason.text, "has vol-0123456789abcdef0");
  EXPECT_EQ(reason.hint, "look at vol-0123456789abcdef0");
}

TEST(RunFigures, TakeNearestRanks) {
  Fleet fleet;
  EXPECT_FALSE(run_figures_of(fleet.backups()).outages);
  fleet.add_good(1);
  EXPECT_EQ(run_figures_of(fleet.backups()).outages->p99, Seconds(30));
  fleet.add_good(99);
  const auto figures = run_figures_of(fleet.backups());
  EXPECT_EQ(figures.good, 100U);
  EXPECT_EQ(figures.snapshots, 200U);
  EXPECT_EQ(figures.outages->worst_of, fleet.backups().back().instance);
  EXPECT_EQ(figures.outages->worst, Seconds(128));
  EXPECT_EQ(figures.outages->p99, Seconds(127));
}

}  // namespace
}  // namespace pitstop
