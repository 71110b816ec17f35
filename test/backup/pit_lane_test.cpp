#include "backup/pit_lane.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "backup/fleet_rules.hpp"
#include "base/concurrently.hpp"
#include "base/random.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A server that is down for a while, and what comes of it.
struct Visit {
  LaneTicket ticket;
  Duration down = Seconds(10);
  bool fails = false;
  bool stays_down = false;
  Duration before = {};  ///< what it does first while others may go
};

struct Seen {
  std::vector<std::size_t> order;
  std::vector<std::string> refused;
  std::vector<std::size_t> inside;
  std::size_t most_inside = 0;
  std::size_t most_near = 0;
  std::size_t near = 0;
};

Task<void> visit(PitLane& lane, Clock& clock, std::size_t number, Visit visit, Seen& seen) {
  Turn turn(lane, visit.ticket);
  auto status = co_await turn.come_near();
  seen.most_near = std::max(seen.most_near, ++seen.near);
  if (visit.before > Duration{}) {
    turn.step_back();
    co_await clock.sleep(visit.before);
  }
  if (status) {
    status = co_await turn.line_up();
  }
  --seen.near;
  if (status) {
    status = co_await turn.enter();
  }
  if (!status) {
    seen.refused.push_back(status.error().message);
    co_return;
  }
  seen.order.push_back(number);
  seen.inside.push_back(number);
  seen.most_inside = std::max(seen.most_inside, seen.inside.size());
  co_await clock.sleep(visit.down);
  std::erase(seen.inside, number);
  if (visit.fails) {
    turn.failed();
    turn.failed();
  }
  if (visit.stays_down) {
    turn.stays_down();
  }
  turn.leave();
}

Task<Seen> all_visit(Clock& clock, LaneRuleSets rules, std::vector<Visit> visits) {
  std::vector<LaneTicket> tickets;
  for (const auto& one : visits) {
    tickets.push_back(one.ticket);
  }
  PitLane lane(rules, tickets);
  Seen seen;
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    tasks.push_back(visit(lane, clock, i, visits[i], seen));
  }
  co_await concurrently(std::move(tasks));
  co_return seen;
}

Task<Seen> all_visit(Clock& clock, LaneRules rules, std::vector<Visit> visits) {
  return all_visit(clock, LaneRuleSets({std::move(rules)}), std::move(visits));
}

VIRTUAL_TEST(PitLane, HasNoMoreDownThanAllowed) {
  const LaneRules rules{.max_down = 3};
  std::vector<Visit> visits(10);
  const auto seen = co_await all_visit(time, rules, std::move(visits));
  EXPECT_EQ(seen.most_inside, 3U);
  EXPECT_EQ(seen.order.size(), 10U);
}

/// Is down for ten seconds, and five of them about to leave; when it lined up, and entered.
Task<void> visit_and_tell(PitLane& lane, Clock& clock, std::vector<Instant>& times) {
  Turn turn(lane, {});
  EXPECT_TRUE(co_await turn.come_near());
  EXPECT_TRUE(co_await turn.line_up());
  times.push_back(clock.now());
  EXPECT_TRUE(co_await turn.enter());
  EXPECT_TRUE(co_await turn.enter()) << "it is in already";
  times.push_back(clock.now());
  co_await clock.sleep(Seconds(5));
  turn.about_to_leave();
  co_await clock.sleep(Seconds(5));
  turn.leave();
}

VIRTUAL_TEST(PitLane, LetsTheNextLineUpWhenOneIsAboutToLeave) {
  const Instant begun = time.now();
  PitLane lane({.max_down = 1}, std::vector<LaneTicket>(3));
  std::vector<Instant> times;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(visit_and_tell(lane, time, times));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_THAT(times, ElementsAre(begun, begun, begun + Seconds(5), begun + Seconds(10),
                                 begun + Seconds(15), begun + Seconds(20)));
}

VIRTUAL_TEST(PitLane, LetsNoMoreThanAFewComeNear) {
  const LaneRules rules{.max_down = 1};
  std::vector<Visit> visits(100);
  const auto seen = co_await all_visit(time, rules, std::move(visits));
  EXPECT_EQ(seen.most_near, 32U);
}

VIRTUAL_TEST(PitLane, HasOneOfAGroupDownAndKeepsNobodyElseWaiting) {
  const Instant begun = time.now();
  std::vector<Visit> visits(50, Visit{.ticket = {.group = "a"}});
  visits.push_back({.ticket = {.group = "b"}});
  visits.push_back({});
  visits.push_back({});
  const auto seen = co_await all_visit(time, {}, std::move(visits));
  EXPECT_EQ(seen.most_inside, 4U);
  EXPECT_THAT((std::vector(seen.order.begin(), seen.order.begin() + 4)),
              ElementsAre(0, 50, 51, 52));
  EXPECT_EQ(time.now() - begun, Seconds(500));
}

VIRTUAL_TEST(PitLane, HasAsManyOfAGroupDownAsTold) {
  const LaneRules rules{.max_down_per_group = 2};
  std::vector<Visit> visits(9, Visit{.ticket = {.group = "a"}});
  const auto seen = co_await all_visit(time, rules, std::move(visits));
  EXPECT_EQ(seen.most_inside, 2U);
}

VIRTUAL_TEST(PitLane, BeginsAWaveWhenTheOneBeforeIsUpAgain) {
  std::vector<Visit> visits{{.ticket = {.wave = 2}},
                            {.ticket = {.wave = 1}, .down = Seconds(5)},
                            {.ticket = {.wave = 0}, .down = Seconds(20)},
                            {.ticket = {.wave = 1}, .down = Seconds(30)},
                            {.ticket = {.wave = 0}}};
  const Instant begun = time.now();
  const auto seen = co_await all_visit(time, {}, std::move(visits));
  EXPECT_THAT(seen.order, ElementsAre(2, 4, 1, 3, 0));
  EXPECT_EQ(time.now() - begun, Seconds(60));
}

VIRTUAL_TEST(PitLane, BeginsNobodyAfterSoManyFailures) {
  const LaneRules rules{.max_down = 1, .stop_on_failure = 2};
  std::vector<Visit> visits(6);
  visits[1].fails = visits[3].fails = visits[4].fails = true;
  const auto seen = co_await all_visit(time, rules, std::move(visits));
  EXPECT_THAT(seen.order, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(seen.refused,
              ElementsAre("not begun, for 2 failed before it", HasSubstr("2 failed")));
}

VIRTUAL_TEST(PitLane, BeginsNobodyOfAGroupOfWhichOneStaysDown) {
  std::vector<Visit> visits(3, Visit{.ticket = {.group = "a"}});
  visits[0].stays_down = true;
  visits.push_back({.ticket = {.group = "b"}});
  const auto seen = co_await all_visit(time, {}, std::move(visits));
  EXPECT_THAT(seen.order, ElementsAre(0, 3));
  EXPECT_THAT(seen.refused,
              ElementsAre(HasSubstr("its group \"a\" stays down"), HasSubstr("\"a\"")));
}

VIRTUAL_TEST(PitLane, LetsEachSetOfRulesCountItsOwnServers) {
  const Instant begun = time.now();
  std::vector<Visit> visits(3, Visit{.ticket = {.rules = 0}});
  visits.resize(9, Visit{.ticket = {.rules = 1}});
  const auto seen =
      co_await all_visit(time, LaneRuleSets({{.max_down = 1}, {.max_down = 2}}), std::move(visits));
  EXPECT_EQ(seen.most_inside, 3U);
  EXPECT_EQ(time.now() - begun, Seconds(30)) << "side by side";
}

VIRTUAL_TEST(PitLane, CountsAServerInAllOfItsSets) {
  std::vector<Visit> visits(4, Visit{.ticket = {.rules = 0, .also = {{.rules = 1}}}});
  visits.push_back({.ticket = {.rules = 0}});
  visits.push_back({.ticket = {.rules = 1}});
  const auto seen =
      co_await all_visit(time, LaneRuleSets({{.max_down = 5}, {.max_down = 1}}), std::move(visits));
  EXPECT_EQ(seen.most_inside, 2U) << "one of the second set, and one of the first alone";
  EXPECT_EQ(seen.order.size(), 6U);
}

VIRTUAL_TEST(PitLane, TellsWhenAllOfASetHaveLeft) {
  PitLane lane(LaneRuleSets({{}, {}}), {{.rules = 0}, {.rules = 0, .also = {{.rules = 1}}}});
  EXPECT_FALSE(lane.all_left(0));
  {
    Turn turn(lane, {.rules = 0, .also = {{.rules = 1}}});
    EXPECT_FALSE(lane.all_left(1));
  }
  EXPECT_TRUE(lane.all_left(1));
  EXPECT_FALSE(lane.all_left(0));
  {
    const Turn turn(lane, {.rules = 0});
  }
  EXPECT_TRUE(lane.all_left(0));
  co_return;
}

VIRTUAL_TEST(PitLane, FailuresAndThoseThatStayDownAreOfTheirSets) {
  const LaneRuleSets rules({{.max_down = 1, .stop_on_failure = 1}, {.max_down = 1}});
  std::vector<Visit> visits{{.ticket = {.rules = 1}, .fails = true},
                            {.ticket = {.rules = 0, .also = {{.rules = 1}}}, .fails = true},
                            {.ticket = {.rules = 0}, .before = Seconds(60)},
                            {.ticket = {.rules = 1}}};
  const auto seen = co_await all_visit(time, rules, std::move(visits));
  EXPECT_THAT(seen.order, ElementsAre(0, 1, 3));
  EXPECT_EQ(seen.refused.size(), 1U);
}

/// Two that are in two groups each, and meet them in opposite orders.
VIRTUAL_TEST(PitLane, LetsNobodyOfSeveralSetsWaitForEachOther) {
  std::vector<Visit> visits;
  for (int i = 0; i < 20; ++i) {
    const bool turned = i % 2 == 0;
    LaneTicket ticket{.group = turned ? "a" : "b", .rules = turned ? 0U : 1U};
    ticket.also = {{.rules = turned ? 1U : 0U, .group = turned ? "b" : "a"}};
    visits.push_back({.ticket = std::move(ticket), .before = Seconds(i % 3)});
  }
  const LaneRuleSets rules({{.max_down = 2}, {.max_down = 1}});
  const auto seen = co_await all_visit(time, rules, std::move(visits));
  EXPECT_EQ(seen.order.size(), 20U);
  EXPECT_EQ(seen.most_inside, 1U);
}

/// Twelve servers with tags by chance, and up to three of four policies that want each of them.
struct DrawnFleet {
  explicit DrawnFleet(std::uint64_t seed) : random(seed) {
    for (int i = 0; i < 12; ++i) {
      SelectedServer server;
      for (const auto* key : {"one", "two", "three"}) {
        if (below(4) > 0) {
          server.instance.tags.push_back({key, std::to_string(below(3))});
        }
      }
      servers.push_back(std::move(server));
      std::vector<std::size_t> sets;
      for (std::size_t set = 0; set < 4; ++set) {
        if (below(2) == 0 || (set == 3 && sets.empty())) {
          sets.push_back(set);
        }
      }
      rules.of_servers.push_back(std::move(sets));
    }
    for (int set = 0; set < 4; ++set) {
      rules.sets.push_back({.max_down = {.number = 1 + below(3)},
                            .group_by = some_key(),
                            .max_down_per_group = 1 + below(2),
                            .order_by = some_key()});
    }
  }

  std::size_t below(std::size_t limit) { return random.next() % limit; }

  std::optional<std::string> some_key() {
    const std::vector<std::optional<std::string>> keys{{}, "one", "two", "three"};
    return keys[below(keys.size())];
  }

  SeededRandom random;
  std::vector<SelectedServer> servers;
  FleetRuleSets rules;
};

VIRTUAL_TEST(PitLane, LetsEverybodyPassWhateverSeveralPoliciesWant) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    DrawnFleet fleet(seed);
    std::vector<Visit> visits;
    for (auto& ticket : tickets_for(fleet.servers, fleet.rules)) {
      visits.push_back(
          {.ticket = std::move(ticket), .before = Seconds(fleet.below(2) == 0 ? 0 : 7)});
    }
    const auto seen = co_await all_visit(time, fleet.rules.for_lane(), std::move(visits));
    EXPECT_EQ(seen.order.size(), 12U) << seed;
  }
}

VIRTUAL_TEST(PitLane, KeepsNobodyOfAGroupWaitingForOneThatTakesLongBeforeItsStop) {
  std::vector<Visit> visits(2, Visit{.ticket = {.group = "a"}});
  visits[0].before = std::chrono::hours(1);
  const auto seen = co_await all_visit(time, {}, std::move(visits));
  EXPECT_THAT(seen.order, ElementsAre(1, 0));
  EXPECT_EQ(seen.most_inside, 1U);
  EXPECT_THAT(seen.refused, IsEmpty());
}

}  // namespace
}  // namespace pitstop
