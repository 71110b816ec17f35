// The board of many servers: what stands above their lines, and that it fits whatever the size.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "base/random.hpp"
#include "report/columns.hpp"
#include "report/live_board.hpp"
#include "sample.hpp"
#include "support/golden.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class FleetBoard : public testing::Test {
 protected:
  static Instant at(double second) {
    return Instant(std::chrono::hours(1)) +
           std::chrono::round<Milliseconds>(std::chrono::duration<double>(second));
  }

  static InstanceId id(int number) { return InstanceId(fmt::format("i-{:08x}", number)); }

  void add(int servers) {
    for (int i = 0; i < servers; ++i) {
      board.add(id(i), fmt::format("web-{} ({})", i, id(i).str()));
    }
  }

  void take(int server, Step step, double second, std::string detail = {}) {
    board.saw(sample_event(id(server), step, std::move(detail)), at(second));
  }

  void go_down(int first, int last, double second) {
    for (int i = first; i < last; ++i) {
      take(i, Step::stop_requested, second + i);
    }
  }

  /// Each a second after the one before.
  void come_up(int first, int last, double second) {
    for (int i = first; i < last; ++i) {
      take(i, Step::start_requested, second + i - first);
      take(i, Step::running, second + i - first);
    }
  }

  std::vector<std::string> lines(double second, BoardSize size = {}) const {
    std::vector<std::string> texts;
    for (const auto& line : board.render(at(second), size)) {
      EXPECT_TRUE(line.is_down == line.text.starts_with("DOWN") || size.columns < 6) << line.text;
      texts.push_back(line.text);
    }
    return texts;
  }

  std::string frame(double second, BoardSize size) const {
    auto text = fmt::format("--- {} × {}, after {} s\n", size.columns, size.lines, second);
    for (const auto& line : lines(second, size)) {
      text += line + '\n';
    }
    return text;
  }

  void expect_to_fit(double second, BoardSize size) const {
    const auto drawn = board.render(at(second), size);
    EXPECT_LE(drawn.size(), static_cast<std::size_t>(std::max(size.lines - 1, 1)));
    for (const auto& line : drawn) {
      EXPECT_LE(columns_of(line.text), static_cast<std::size_t>(std::max(size.columns - 1, 1)))
          << size.columns << " × " << size.lines << ": " << line.text;
    }
  }

  LiveBoard board;
};

TEST_F(FleetBoard, TellsWhatAFleetIsAtInEverySize) {
  add(60);
  take(58, Step::finished, 1, "refused");
  go_down(0, 20, 1);
  come_up(0, 12, 61);
  take(3, Step::finished, 80, "failed");
  take(4, Step::finished, 80, "completed");
  board.saw_congestion({{"StartInstances", 3, false}, {"StopInstances", 12, true}}, at(80));
  std::string film;
  for (const BoardSize size : {BoardSize{80, 24},
                               {120, 12},
                               {80, 9},
                               {40, 7},
                               {80, 5},
                               {80, 4},
                               {80, 3},
                               {80, 2},
                               {12, 6},
                               {1, 1}}) {
    film += frame(83, size);
  }
  expect_golden("report/golden/board_sizes.txt", film);
}

TEST_F(FleetBoard, CountsTheServersThatFindNoRoom) {
  add(30);
  EXPECT_EQ(lines(0, {80, 10}).back(), "and 23 more");
  go_down(0, 12, 0);
  EXPECT_EQ(lines(20, {80, 10}).size(), 9U);
  EXPECT_EQ(lines(20, {80, 10}).back(), "DOWN: 6 of 24 more servers");
}

TEST_F(FleetBoard, PutsTheLongestOutageFirstAndWhatIsDoneLast) {
  add(5);
  take(0, Step::finished, 1, "completed");
  take(4, Step::finished, 1, "failed");
  take(3, Step::stop_requested, 1);
  take(2, Step::stop_requested, 5);
  const auto drawn = lines(10);
  ASSERT_EQ(drawn.size(), 7U);
  EXPECT_EQ(drawn[0], "5 servers: 1 done, 2 under way, 1 waiting, 1 failed");
  EXPECT_EQ(drawn[1], "DOWN: 2 of 5, longest 9.0s");
  EXPECT_THAT(drawn[2], HasSubstr("web-3"));
  EXPECT_THAT(drawn[3], HasSubstr("web-2"));
  EXPECT_THAT(drawn[4], HasSubstr("web-1"));
  EXPECT_THAT(drawn[5], HasSubstr("failed"));
  EXPECT_THAT(drawn[6], HasSubstr("completed"));
}

TEST_F(FleetBoard, NamesTheWorstOutageThatIsOver) {
  add(3);
  go_down(0, 2, 0);
  take(0, Step::running, 30);
  take(1, Step::running, 101);
  EXPECT_EQ(lines(200).at(1), "none is down; worst so far 1m 40s: web-1 (i-00000001)");
  take(2, Step::stop_requested, 200);
  EXPECT_EQ(lines(203).at(1),
            "DOWN: 1 of 3, longest 3.0s; worst so far 1m 40s: web-1 (i-00000001)");
  EXPECT_EQ(lines(303).at(1), "DOWN: 1 of 3, longest 1m 43s, the worst so far");
}

TEST_F(FleetBoard, TellsWhatIsDownWhereThereIsOneLineOnly) {
  add(3);
  EXPECT_EQ(lines(0, {80, 2}).at(0), "3 servers: 0 done, 3 waiting");
  take(1, Step::stop_requested, 0);
  EXPECT_EQ(lines(2, {80, 2}).at(0), "DOWN: 1 of 3, longest 2.0s");
}

TEST_F(FleetBoard, EstimatesTheTimeToGoOnceThereIsEnoughToTellFrom) {
  add(100);
  go_down(0, 20, 0);
  come_up(0, 3, 60);
  EXPECT_THAT(lines(90), Not(testing::Contains(HasSubstr("to go"))));
  come_up(3, 11, 90);
  EXPECT_EQ(lines(120).at(2), "10 servers a minute, about 9 min to go");
  EXPECT_EQ(lines(359).at(2), "2.0 servers a minute, about 44 min to go") << "when none comes";
  EXPECT_EQ(lines(1141).at(2), "a server every 2m 00s, about 3.0 h to go");
}

TEST_F(FleetBoard, TellsWhenOnlyCopyingIsLeft) {
  add(3);
  go_down(0, 3, 0);
  come_up(0, 3, 30);
  EXPECT_EQ(lines(40).at(2), "all are up, 3 still copying");
  for (int i = 0; i < 3; ++i) {
    take(i, Step::finished, 50, "completed");
  }
  EXPECT_EQ(lines(60).at(0), "3 servers: 3 done");
  EXPECT_EQ(lines(60).size(), 5U);
}

TEST_F(FleetBoard, CountsARefusalAsNoSpeed) {
  add(100);
  for (int i = 0; i < 50; ++i) {
    take(i, Step::finished, i, "refused");
  }
  EXPECT_EQ(lines(60).at(0), "100 servers: 0 done, 50 waiting, 50 refused");
  EXPECT_THAT(lines(60), Not(testing::Contains(HasSubstr("to go"))));
}

TEST_F(FleetBoard, AddsUpWhatSeveralPacesTell) {
  add(2);
  board.saw_congestion(
      {{"StopInstances", 2, false}, {"StartInstances", 3, false}, {"StopInstances", 5, true}},
      at(0));
  EXPECT_EQ(lines(1, {100, 24}).at(1),
            "EC2 allows no faster: StopInstances (7 wait, throttled), StartInstances (3 wait)");
  board.saw_congestion({}, at(1));
  EXPECT_THAT(lines(1).at(1), StartsWith("EC2 allows")) << "it does not flicker";
  board.saw_congestion({}, at(4));
  EXPECT_THAT(lines(4), Not(testing::Contains(HasSubstr("EC2 allows"))));
}

TEST_F(FleetBoard, CountsAServerThatWasRecoveredBeforeItsTurn) {
  take(1, Step::recovering, 0);
  add(2);
  take(1, Step::start_requested, 1);
  take(1, Step::running, 2);
  take(1, Step::finished, 3, "following");
  EXPECT_EQ(lines(4).at(0), "2 servers: 1 done, 1 waiting");
  take(1, Step::stop_requested, 5);
  EXPECT_EQ(lines(6).at(0), "2 servers: 0 done, 1 under way, 1 waiting");
  EXPECT_THAT(lines(6).at(2), HasSubstr("web-1 (i-00000001)"));
}

TEST_F(FleetBoard, HasAllThatIsLeftDownAmongTheFailed) {
  add(2);
  take(0, Step::stop_requested, 0);
  take(0, Step::start_requested, 10);
  take(0, Step::finished, 20, "failed");
  take(1, Step::finished, 20, "completed");
  EXPECT_EQ(lines(30).at(0), "2 servers: 1 done, 1 failed");
  EXPECT_EQ(lines(30).at(1), "DOWN: 1 of 2, longest 30.0s");
  EXPECT_THAT(lines(30), Not(testing::Contains(HasSubstr("are up"))));
}

/// Whatever happens to whomever, and whatever the window.
TEST_F(FleetBoard, FitsWhateverHappens) {
  SeededRandom random(7);
  const auto below = [&](int limit) {
    return static_cast<int>(random.next() % static_cast<std::uint64_t>(limit));
  };
  for (int round = 0; round < 25; ++round) {
    board = {};
    const int servers = below(40);
    add(servers);
    std::set<int> seen;
    for (int i = 0; i < servers; ++i) {
      seen.insert(i);
    }
    for (int second = 0; second < 200; ++second) {
      const int server = below(servers + 2);
      const auto step = static_cast<Step>(below(static_cast<int>(Step::finished) + 1));
      constexpr std::array outcomes{"completed", "following", "failed", "refused"};
      take(server, step, second,
           step == Step::finished ? outcomes.at(static_cast<std::size_t>(below(4))) : "");
      if (!is_for_a_person(step)) {
        seen.insert(server);
      }
      board.saw_progress(id(server), {sample_snapshot('a', "/dev/sda1", {}, below(101))});
      board.saw_congestion({{"StartInstances", static_cast<std::size_t>(below(3)), false}},
                           at(second));
      if (second % 20 == 0) {
        expect_to_fit(second, {1 + below(150), 1 + below(30)});
      }
    }
    const auto drawn = lines(200, {200, 100}).size();
    EXPECT_GE(drawn, seen.size()) << "a server has no line";
    EXPECT_LE(drawn, seen.size() + 4) << "a server has two";
  }
}

}  // namespace
}  // namespace pitstop
