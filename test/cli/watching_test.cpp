// What watches a run from beside it: the list of what is down, and the drawing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const InstanceId one("i-00000001");
const InstanceId other("i-00000002");

/// Counts what it is told.
class CountingReport final : public BackupReport {
 public:
  explicit CountingReport(bool moves) : moves_(moves) {}

  void saw(const Event&) override { ++events; }
  void saw_progress(const InstanceId&, const std::vector<SnapshotOutcome>&) override {
    ++progresses;
  }
  bool wants_progress() const override { return moves_; }
  void policy(const PolicyState&) override {}
  void begun(const std::vector<ec2::Instance>&) override {}
  void selected(const std::vector<ListedServer>&, std::size_t) override {}
  void site_failed(const std::string&, const Error&) override {}
  void checked(const Checked&) override {}
  void interrupted() override {}
  void failed(const Error&, int) override {}
  void ended(const RunSummary&) override {}
  void restored(const RestoreOutcome&, int) override {}
  void copied(const CopyEnd&) override {}
  void redraw(const std::vector<ec2::Congestion>& congestion) override {
    ++drawings;
    waiting = congestion.empty() ? 0 : congestion.front().waiting;
  }

  int events = 0;
  int progresses = 0;
  int drawings = 0;
  std::size_t waiting = 0;

 private:
  bool moves_;
};

class DownListTest : public testing::Test {
 protected:
  void see(const InstanceId& instance, Step step) { list.saw({instance, step, {}, {}, {}}); }

  std::vector<InstanceId> down;
  CountingReport report{true};
  DownList list{report, down};
};

TEST_F(DownListTest, HoldsAServerFromItsStopUntilItRuns) {
  see(one, Step::stop_requested);
  see(other, Step::stop_requested);
  see(one, Step::stopped);
  see(one, Step::start_requested);
  EXPECT_THAT(down, ElementsAre(one, other));
  see(one, Step::running);
  EXPECT_THAT(down, ElementsAre(other));
}

TEST_F(DownListTest, TakesAServerUpAgainWhoseStartFellBack) {
  see(one, Step::stop_requested);
  see(one, Step::start_requested);
  see(one, Step::running);
  see(one, Step::start_requested);
  EXPECT_THAT(down, ElementsAre(one));
}

TEST_F(DownListTest, LetsGoOfAServerWhoseStopWasRefused) {
  see(one, Step::stop_requested);
  see(one, Step::finished);
  EXPECT_THAT(down, IsEmpty());
}

TEST_F(DownListTest, KeepsAServerThatWasLeftDown) {
  see(one, Step::stop_requested);
  see(one, Step::start_requested);
  see(one, Step::finished);
  EXPECT_THAT(down, ElementsAre(one));
}

TEST_F(DownListTest, PassesEverythingOn) {
  see(one, Step::warning);
  list.saw_progress(one, {});
  EXPECT_EQ(report.events, 1);
  EXPECT_EQ(report.progresses, 1);
  EXPECT_TRUE(list.wants_progress());
}

std::vector<ec2::Congestion> congested() {
  return {{"StartInstances", 12, false}};
}

VIRTUAL_TEST(Drawing, DrawsFourTimesASecondAndStops) {
  CountingReport report(true);
  {
    const Drawing drawing(time.executor(), report, time, Milliseconds(250), congested);
    co_await time.sleep(Milliseconds(1100));
  }
  EXPECT_EQ(report.waiting, 12U);
  EXPECT_EQ(report.drawings, 5);
  co_await time.sleep(Seconds(2));
  EXPECT_EQ(report.drawings, 5);
}

VIRTUAL_TEST(Drawing, LeavesAReportAloneThatDoesNotMove) {
  CountingReport report(false);
  const Drawing drawing(time.executor(), report, time, Milliseconds(250), congested);
  co_await time.sleep(Seconds(2));
  EXPECT_EQ(report.drawings, 0);
}

}  // namespace
}  // namespace pitstop
