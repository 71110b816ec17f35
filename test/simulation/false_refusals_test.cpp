// No answer to a call that changes something is believed against what EC2 shows.

#include "simulation/false_refusals.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "backup/down_tag.hpp"
#include "support/changing_actions.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using sim::FaultKind;
using testing::IsEmpty;

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::set<std::string> found_in(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    found.insert((*match)[1].str());
  }
  return found;
}

/// Every code that pitstop knows, as its table has them, others that EC2 documents, and some that
/// nobody knows.
std::set<std::string> codes() {
  auto all = found_in(text_of(PITSTOP_SOURCE_DIR "/src/ec2/error_codes.cpp"),
                      R"re(\{"([A-Za-z0-9.]+)", ErrorKind)re");
  EXPECT_GT(all.size(), 30U);
  all.insert({"PendingVerification", "Blocked", "OptInRequired", "ValidationError",
              "MalformedQueryString", "InternalError", "Unavailable", "ServiceUnavailable"});
  for (int number = 0; number < 10; ++number) {
    all.insert(fmt::format("NobodyKnowsThisCode.{}", number));
  }
  all.insert("\x01\x1b[2J\x7f\r\n\t");
  all.erase("DryRunOperation");  // that is no error of a call that is no dry run
  return all;
}

class FalseRefusals : public testing::Test {
 protected:
  /// A backup of a quick server, a call of which is answered so.
  BackupOutcome back_up(sim::ScriptedFault fault, BackupOptions options = {}) {
    auto scenario = one_quick_server();
    scenario.faults.scripted = {std::move(fault)};
    world.emplace(scenario);
    observer.emplace(world->time);
    world->observer = &*observer;
    return world->back_up(std::move(options))->front();
  }

  sim::Instance& server() { return world->region().instances.begin()->second; }

  std::optional<SimulatedWorld> world;
  std::optional<RecordingObserver> observer;
};

TEST_F(FalseRefusals, WhateverTheStopIsAnsweredTheServerRunsInTheEnd) {
  for (const auto& code : codes()) {
    for (const int status : {400, 503}) {
      SCOPED_TRACE(fmt::format("{} {}", status, code));
      const auto outcome = back_up({.action = "StopInstances",
                                    .times = 1000,
                                    .kind = FaultKind::false_refusal,
                                    .code = code,
                                    .status = status});
      EXPECT_EQ(outcome.outcome, Outcome::failed);
      EXPECT_TRUE(outcome.error);
      EXPECT_TRUE(outcome.downtime) << "it was down, and that is said";
      EXPECT_EQ(server().history.size(), 5U) << "it was stopped once, and started once";
      EXPECT_THAT(left_after_recovery(*world), IsEmpty());
    }
  }
}

TEST_F(FalseRefusals, AStopThatWasRepeatedIsOursEvenIfItWasOverBefore) {
  for (const auto* code : {"RequestLimitExceeded", "Throttling", "InternalError"}) {
    auto scenario = one_quick_server();
    auto& pace = scenario.servers.front().pace;
    pace.shutdown = pace.release = sim::always(Milliseconds(1));
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      scenario.seed = seed;
      scenario.faults.scripted = {{.action = "StopInstances",
                                   .kind = FaultKind::false_refusal,
                                   .code = code,
                                   .status = 503}};
      world.emplace(scenario);
      EXPECT_EQ(world->back_up({.wait = false})->front().outcome, Outcome::following) << code;
      EXPECT_EQ(server().state(), sim::InstanceState::running) << code;
    }
  }
}

TEST_F(FalseRefusals, AStopThatIsTrulyRefusedIsWatchedForAMinuteAndStartsNothing) {
  const auto outcome =
      back_up({.action = "StopInstances", .times = 1000, .kind = FaultKind::denied});
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(outcome.error->code, "UnauthorizedOperation");
  EXPECT_EQ(server().history.size(), 1U);
  EXPECT_EQ(world->simulator.calls("StartInstances"), 0);
  EXPECT_GE(*observer->when(Step::finished) - *observer->when(Step::stop_requested), Seconds(60));
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
}

/// A stop that comes late is found by the watch, for as long as it lasts.
TEST_F(FalseRefusals, TheTagStaysUntilItIsCertainThatNothingWasStopped) {
  auto scenario = one_quick_server();
  scenario.faults.scripted = {
      {.action = "StopInstances", .times = 1000, .kind = FaultKind::denied}};
  world.emplace(scenario);
  observer.emplace(world->time);
  world->observer = &*observer;
  bool was_tagged = true;
  observer->on_event = [&](const Event& event) {
    if (event.step == Step::warning) {
      was_tagged = was_tagged && server().tags.contains(down_tag_key);
    }
  };
  world->back_up();
  EXPECT_TRUE(was_tagged);
  EXPECT_FALSE(server().tags.contains(down_tag_key));
}

TEST_F(FalseRefusals, WhateverTheSnapshotsAreAnsweredThereIsOneSet) {
  for (const auto& code : codes()) {
    for (const int status : {400, 503}) {
      SCOPED_TRACE(fmt::format("{} {}", status, code));
      const auto outcome = back_up({.action = "CreateSnapshots",
                                    .times = 1000,
                                    .kind = FaultKind::false_refusal,
                                    .code = code,
                                    .status = status});
      EXPECT_EQ(outcome.outcome, Outcome::completed);
      EXPECT_EQ(world->simulator.calls("CreateSnapshots"), 1) << "one look tells";
      EXPECT_LT(*outcome.downtime, Seconds(40));
      EXPECT_THAT(left_after_recovery(*world), IsEmpty());
    }
  }
}

TEST(TwoSets, TheOlderOneCountsAndTheOtherGoes) {
  int made_two = 0;
  for (std::uint64_t seed = 1; seed <= seeds_of_two_sets; ++seed) {
    const auto sets = live_through_two_sets(seed);
    EXPECT_THAT(sets.broken, IsEmpty()) << seed;
    made_two += sets.made_two ? 1 : 0;
  }
  EXPECT_GT(made_two, 0) << "this tests nothing";
}

class FalseRefusalsOf : public testing::TestWithParam<RunKind> {};

TEST_P(FalseRefusalsOf, LeaveNothingAndNobodyDown) {
  EXPECT_THAT(broken_by_any_refusal(GetParam()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(A, FalseRefusalsOf, testing::ValuesIn(runs_of_every_kind()),
                         [](const auto& kind) { return kind.param.name; });

TEST(ChangingActions, AreAllMadeByRunsOfSomeKind) {
  std::set<std::string> made;
  for (const auto& kind : runs_of_every_kind()) {
    for (const auto& [action, times] : changing_calls_of(kind.run)) {
      made.insert(action);
    }
  }
  for (const auto& [action, tried_in] : changing_actions) {
    EXPECT_TRUE(tried_in != TriedIn::pit_stop || made.contains(std::string(action))) << action;
  }
}

/// By their names; those of EC2 are held against the list where its verbs are tested.
TEST(ChangingActions, OfOtherServicesAreAllListed) {
  std::set<std::string> named;
  for (const auto& entry : std::filesystem::directory_iterator(PITSTOP_SOURCE_DIR "/src/aws")) {
    const auto text = text_of(entry.path());
    for (const auto* pattern : {R"re(Form form\("([A-Z]\w+)")re", R"re(\.action = "([A-Z]\w+)")re",
                                R"re(\bcall\("([A-Z]\w+)")re", R"re(change\w*\("([A-Z]\w+)")re"}) {
      named.merge(found_in(text, pattern));
    }
  }
  EXPECT_TRUE(named.contains("EnterStandby") && named.contains("CreateSchedule"));
  // A grant is only tried, by a dry run.
  const std::regex asks("(Describe|Get|List|AssumeRole|CreateGrant)\\w*");
  for (const auto& action : named) {
    const bool is_listed = std::ranges::any_of(
        changing_actions, [&](const ChangingAction& each) { return each.action == action; });
    EXPECT_TRUE(is_listed || std::regex_match(action, asks))
        << action << " changes something: add it to changing_actions.hpp";
  }
}

}  // namespace
}  // namespace pitstop::test
