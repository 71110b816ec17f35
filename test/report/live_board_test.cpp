#include "report/live_board.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/columns.hpp"
#include "report/wording.hpp"
#include "sample.hpp"
#include "support/golden.hpp"

namespace pitstop {
namespace {

using namespace test;
using ec2::SnapshotState;

Instant at(int second) {
  return Instant(std::chrono::hours(1)) + Seconds(second);
}

std::string frame(const LiveBoard& board, int second, BoardSize size = {}) {
  std::string text = fmt::format("--- {} × {}, after {} s\n", size.columns, size.lines, second);
  for (const auto& line : board.render(at(second), size)) {
    text += line.text + '\n';
  }
  return text;
}

LiveBoard sample_board() {
  LiveBoard board;
  for (const auto& server : sample_servers()) {
    board.add(server.id, title_of(server));
  }
  return board;
}

void take(LiveBoard& board, const InstanceId& instance, Step step, int second,
          std::string detail = {}) {
  board.saw(sample_event(instance, step, std::move(detail)), at(second));
}

std::vector<SnapshotOutcome> three_drives(std::optional<int> first, std::optional<int> second) {
  return {sample_snapshot('a', "/dev/sda1", SnapshotState::pending, first),
          sample_snapshot('b', "/dev/sdf", SnapshotState::pending, second),
          sample_snapshot('c', "/dev/sdg", SnapshotState::completed, 100)};
}

TEST(LiveBoard, ShowsOneServerOnALineOfItsOwn) {
  LiveBoard board;
  board.add(web, "web-1");
  EXPECT_EQ(frame(board, 0), "--- 80 × 24, after 0 s\n              web-1  waiting\n");
  take(board, web, Step::stop_requested, 0);
  EXPECT_EQ(frame(board, 2), "--- 80 × 24, after 2 s\nDOWN    2.0s  web-1  stopping\n");
  EXPECT_EQ(frame(board, 2, {1, 1}), "--- 1 × 1, after 2 s\n…\n");
}

TEST(LiveBoard, ShowsABackupFromBeginningToEnd) {
  auto board = sample_board();
  std::string film = frame(board, 0);
  take(board, web, Step::stop_requested, 0);
  film += frame(board, 12);
  take(board, web, Step::stopped, 20);
  film += frame(board, 20);
  take(board, web, Step::snapshots_created, 21);
  board.saw_progress(web, three_drives(std::nullopt, 0));
  film += frame(board, 25);
  film += frame(board, 25, {120, 24});
  take(board, web, Step::gate_opened, 61);
  take(board, web, Step::start_requested, 61);
  film += frame(board, 70);
  take(board, web, Step::running, 75);
  board.saw_progress(web, three_drives(12, 3));
  take(board, database, Step::stop_requested, 76);
  film += frame(board, 80);
  take(board, web, Step::finished, 900, "completed");
  take(board, database, Step::finished, 900, "failed");
  film += frame(board, 3900);
  expect_golden("report/golden/board.txt", film);
}

TEST(LiveBoard, CountsTheSnapshotsWhenThereAreTooMany) {
  LiveBoard board;
  board.add(web, "web-1");
  std::vector<SnapshotOutcome> many(14,
                                    sample_snapshot('a', "/dev/sda1", SnapshotState::pending, 5));
  many[0].snapshot.state = SnapshotState::completed;
  many[1].snapshot.state = SnapshotState::error;
  board.saw_progress(web, many);
  EXPECT_TRUE(board.render(at(0), {80, 24}).at(0).text.ends_with("  1 ERROR, 1/14 complete"));
}

TEST(LiveBoard, KeepsAServerDownThatWasNeverStartedAgain) {
  auto board = sample_board();
  take(board, web, Step::stop_requested, 0);
  take(board, web, Step::start_requested, 30);
  take(board, web, Step::finished, 60, "failed");
  const auto line = board.render(at(90), {}).at(2);
  EXPECT_TRUE(line.is_down);
  EXPECT_TRUE(line.text.starts_with("DOWN  1m 30s")) << line.text;
  EXPECT_NE(line.text.find("NOT RUNNING"), std::string::npos) << line.text;
}

TEST(LiveBoard, DoesNotTakeARefusedStopForAnOutage) {
  auto board = sample_board();
  take(board, web, Step::stop_requested, 0);
  take(board, web, Step::finished, 1, "failed");
  for (const auto& line : board.render(at(2), {})) {
    EXPECT_FALSE(line.is_down) << line.text;
  }
}

TEST(LiveBoard, CountsOnWhenAStartFallsBack) {
  auto board = sample_board();
  take(board, web, Step::stop_requested, 0);
  take(board, web, Step::start_requested, 30);
  take(board, web, Step::running, 40);
  take(board, web, Step::start_requested, 50);
  EXPECT_TRUE(board.render(at(60), {}).at(2).text.starts_with("DOWN   50.0s"));
}

}  // namespace
}  // namespace pitstop
