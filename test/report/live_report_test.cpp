#include "report/live_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "report/summary_text.hpp"
#include "sample.hpp"
#include "screen.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

class LiveReportTest : public testing::Test {
 protected:
  LiveReport make(bool colors = true) {
    return LiveReport({stream_, stream_, [this] { return size; }, colors}, time);
  }

  /// What has been written since the last call.
  std::string written() {
    auto text = stream_.str();
    stream_.str("");
    return text;
  }

  BoardSize size{80, 24};
  VirtualTime time;

 private:
  std::ostringstream stream_;
};

const std::vector<ec2::Instance> two_servers{sample_instance(web, "web-1"),
                                             sample_instance(nameless)};

TEST_F(LiveReportTest, DrawsInPlace) {
  auto report = make();
  Screen screen(80);
  screen.write("$ pitstop backup\n");
  report.begun(two_servers);
  report.redraw({});
  report.saw(sample_event(web, Step::stop_requested));
  report.redraw({});
  screen.write(written());
  EXPECT_EQ(screen.text(),
            "$ pitstop backup\n"
            "2 servers: 0 done, 1 under way, 1 waiting\n"
            "DOWN: 1 of 2, longest 0.0s\n"
            "DOWN    0.0s  web-1 (i-0123456789abcdef0)  stopping\n"
            "              i-0a1b2c3d                   waiting\n");
}

TEST_F(LiveReportTest, PutsWarningsAboveTheBoard) {
  auto report = make();
  Screen screen(80);
  report.begun(two_servers);
  report.redraw({});
  report.saw(sample_event(web, Step::warning, "it is slow", "wait"));
  report.interrupted();
  report.redraw({});
  screen.write(written());
  EXPECT_EQ(screen.text(),
            "2026-11-23T00:16:00.250Z  web-1 (i-0123456789abcdef0)  warning: it is slow\n"
            "HINT: wait\n"
            "interrupted: no further server is stopped, and those that are down are started;\n"
            "a second Ctrl-C ends pitstop at once\n"
            "2 servers: 0 done, 2 waiting\n"
            "              i-0a1b2c3d                   waiting\n"
            "              web-1 (i-0123456789abcdef0)  waiting\n");
}

TEST_F(LiveReportTest, WritesNothingBetweenTwoDrawings) {
  auto report = make();
  report.begun(two_servers);
  report.redraw({});
  written();
  report.saw(sample_event(web, Step::stop_requested));
  report.saw(sample_event(web, Step::warning, "it is slow", "wait"));
  EXPECT_EQ(written(), "");
  report.redraw({});
  EXPECT_THAT(written(), HasSubstr("it is slow"));
}

TEST_F(LiveReportTest, SaysAtOnceWhatDisturbsNoBoard) {
  auto report = make();
  report.saw(sample_event(web, Step::warning, "it was left behind", "wait"));
  EXPECT_THAT(written(), HasSubstr("it was left behind"));
}

TEST_F(LiveReportTest, SaysOfEachBackupThatItIsRemoved) {
  auto report = make();
  report.begun(two_servers);
  report.saw(sample_event(web, Step::removed, "b-0123456789ab, 2 snapshots"));
  EXPECT_EQ(written(),
            "2026-11-23T00:16:00.250Z  web-1 (i-0123456789abcdef0)  removed: "
            "b-0123456789ab, 2 snapshots\n");
}

TEST_F(LiveReportTest, KeepsNoWarningToItselfAtTheEnd) {
  auto report = make();
  report.begun(two_servers);
  report.redraw({});
  report.saw(sample_event(web, Step::warning, "it is slow", "wait"));
  report.ended(sample_summary({}));
  EXPECT_THAT(written(), HasSubstr("it is slow"));
}

TEST_F(LiveReportTest, TellsWhatEc2SlowsDown) {
  auto report = make();
  report.begun(two_servers);
  report.redraw({{"StartInstances", 12, false}});
  EXPECT_THAT(written(), HasSubstr("EC2 allows no faster: StartInstances (12 wait)"));
}

TEST_F(LiveReportTest, LeavesNothingOfTheBoardBehind) {
  size.columns = 100;
  auto report = make();
  Screen screen(100);
  report.begun(two_servers);
  report.redraw({});
  auto summary = sample_summary({good_backup()});
  report.ended(summary);
  screen.write(written());
  Titles titles;
  titles.add(two_servers.front());
  EXPECT_EQ(screen.text(), summary_text(summary, titles));
}

TEST_F(LiveReportTest, FollowsAWindowThatBecomesNarrower) {
  for (const int columns : {70, 50, 40, 21, 10}) {
    size = {80, 24};
    auto report = make();
    Screen screen(80);
    screen.write("$ pitstop backup\n");
    report.begun(two_servers);
    report.saw(sample_event(web, Step::stop_requested));
    report.saw_progress(web, {sample_snapshot('a', "/dev/sda1", {}, {})});
    report.redraw({});
    screen.write(written());
    size.columns = columns;
    screen.resize(static_cast<std::size_t>(columns));
    report.ended(sample_summary({}));
    screen.write(written());
    EXPECT_THAT(screen.text(), Not(HasSubstr("stopping"))) << columns;
    EXPECT_THAT(screen.text(), testing::StartsWith("$ pitstop")) << columns;
    EXPECT_EQ(screen.text().find("DOWN"), std::string::npos) << columns;
  }
}

TEST_F(LiveReportTest, ColorsWhatIsDownAndWhatIsWrong) {
  auto report = make();
  report.begun(two_servers);
  report.saw(sample_event(web, Step::stop_requested));
  report.redraw({});
  EXPECT_THAT(written(), HasSubstr("\x1b[1;31mDOWN\x1b[0m    0.0s"));
  report.saw(sample_event(web, Step::warning, "it is slow", "wait"));
  report.redraw({});
  EXPECT_THAT(written(), HasSubstr("warning: it is slow\x1b[0m\nHINT: wait\n"));
  report.ended(sample_summary({left_down_backup()}));
  EXPECT_THAT(written(), HasSubstr("\x1b[1;31merror: DOWN, stopped by pitstop and not running: "
                                   "i-0a1b2c3d\x1b[0m\nHINT: "));
}

TEST_F(LiveReportTest, TellsTheReasonsOfAFleetOnceAndOnOneScreen) {
  auto report = make();
  auto summary = sample_summary({left_down_backup()}, 20);
  summary.backups.resize(12, refused_backup());
  report.ended(summary);
  const auto text = written();
  const std::string reason = "is being stopped by someone else";
  EXPECT_EQ(text.find(reason), text.rfind(reason)) << text;
  EXPECT_THAT(text, HasSubstr("\x1b[1;31mDOWN, stopped by pitstop and not running:\x1b[0m\n"));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31merror: DOWN, "));
  EXPECT_LT(std::ranges::count(text, '\n'), 24);
}

TEST_F(LiveReportTest, HasNoColorsWhenThereShouldBeNone) {
  auto report = make(false);
  report.begun(two_servers);
  report.saw(sample_event(web, Step::stop_requested));
  report.saw(sample_event(web, Step::warning, "it is slow", "wait"));
  report.failed({ErrorKind::usage, "no", "", ""}, 2);
  const auto text = written();
  EXPECT_THAT(text, Not(HasSubstr("\x1b[1;31m")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[33m")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[0m")));
}

}  // namespace
}  // namespace pitstop
