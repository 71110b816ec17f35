// Before the stop: nobody else works on the server, and whoever finds it can bring it back.

#include "backup/hold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/contains.hpp"
#include "support/pit_bench.hpp"

namespace pitstop {
namespace {

using test::PitBench;
using testing::HasSubstr;

std::optional<std::string> tag_on(const PitBench& bench) {
  return ec2::find_tag(bench.cloud.instance_tags, down_tag_key);
}

TEST(Hold, TheServerIsTaggedFromBeforeItsStopUntilItRuns) {
  PitBench bench;
  std::optional<std::string> at_stop;
  std::optional<std::string> at_start;
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::stop_requested) {
      at_stop = tag_on(bench);
    } else if (event.step == Step::running) {
      at_start = tag_on(bench);
    }
  };
  bench.run();
  ASSERT_TRUE(at_stop);
  const auto tag = parse_down_tag(*at_stop);
  ASSERT_TRUE(tag) << *at_stop;
  EXPECT_EQ(tag->run, RunId("r-test"));
  EXPECT_EQ(tag->host, "host-1");
  EXPECT_GT(tag->until, tag->since + std::chrono::minutes(30));
  EXPECT_FALSE(tag->found_stopped || tag->guarded || tag->reserved);
  EXPECT_EQ(at_start, at_stop);
  EXPECT_EQ(tag_on(bench), std::nullopt);
}

TEST(Hold, TheTagOfAServerThatWasFoundStoppedSaysSo) {
  PitBench bench;
  bench.cloud.set_state(ec2::InstanceState::stopped);
  std::optional<std::string> tagged;
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::snapshots_requested) {
      tagged = tag_on(bench);
    }
  };
  EXPECT_EQ(bench.run().outcome, Outcome::completed);
  ASSERT_TRUE(tagged);
  EXPECT_TRUE(parse_down_tag(*tagged)->found_stopped);
  EXPECT_EQ(tag_on(bench), std::nullopt);
}

void expect_untouched(const PitBench& bench, const BackupOutcome& outcome) {
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_TRUE(outcome.backup.empty());
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_TRUE(bench.journal.open_backups()->empty());
}

TEST(Hold, AnotherRunsServerIsLeftAlone) {
  PitBench bench;
  const DownTag other{.run = RunId("r-other"),
                      .since = bench.time.wall(),
                      .until = bench.time.wall() + Seconds(60),
                      .host = "host-2"};
  bench.cloud.instance_tags.push_back({down_tag_key, to_text(other)});
  const auto outcome = bench.run();
  expect_untouched(bench, outcome);
  EXPECT_EQ(outcome.error->kind, ErrorKind::held);
  EXPECT_THAT(outcome.error->message,
              HasSubstr("is held by the run r-other on host-2, since 2026"));
  EXPECT_EQ(tag_on(bench), to_text(other)) << "it is not ours to take away";
}

TEST(Hold, ATagThatNoRunWritesIsInNobodysWay) {
  for (const auto* text : {"yes", "r-1 2026-01-01T00:00:00Z 2999-01-01T00:00:00Z host-9"}) {
    PitBench bench;
    bench.cloud.instance_tags.push_back({down_tag_key, text});
    EXPECT_EQ(bench.run().outcome, Outcome::completed);
    EXPECT_EQ(tag_on(bench), std::nullopt);
  }
}

/// Somebody has overwritten it while its server was down, perhaps.
TEST(Hold, ATagThatNoRunWritesHoldsAServerThatIsAtRest) {
  PitBench bench;
  bench.cloud.set_state(ec2::InstanceState::stopped);
  bench.cloud.instance_tags.push_back({down_tag_key, "yes"});
  const auto outcome = bench.run();
  expect_untouched(bench, outcome);
  EXPECT_EQ(outcome.error->kind, ErrorKind::held);
  EXPECT_THAT(outcome.error->message, HasSubstr("has the tag pitstop:down = \"yes\""));
  EXPECT_EQ(tag_on(bench), "yes");
}

/// Another host writes its tag when ours has been there for so long.
BackupOutcome against_another_host(PitBench& bench, Duration later) {
  const DownTag other{.run = RunId("r-other"),
                      .since = bench.time.wall(),
                      .until = bench.time.wall() + Seconds(600),
                      .host = "host-2"};
  bool written = false;
  bench.cloud.on_call = [&bench, later, other, &written](const ec2::Call&) {
    const auto ours = tag_on(bench);
    if (!written && ours && bench.time.now() >= bench.cloud.first("CreateTags").at + later) {
      written = true;
      for (auto& tag : bench.cloud.instance_tags) {
        if (tag.key == down_tag_key) {
          tag.value = to_text(other);
        }
      }
    }
  };
  return bench.run();
}

TEST(Hold, WhoHasWrittenTheTagLastHasTheServer) {
  PitBench bench;
  const auto outcome = against_another_host(bench, Seconds(4));
  expect_untouched(bench, outcome);
  EXPECT_EQ(outcome.error->kind, ErrorKind::held);
  ASSERT_TRUE(tag_on(bench));
  EXPECT_THAT(*tag_on(bench), HasSubstr("r-other")) << "the winner's tag stays";
}

TEST(Hold, AServerThatSomebodyStopsMeanwhileIsRefused) {
  PitBench bench;
  bench.cloud.on_call = [&bench](const ec2::Call& call) {
    if (call.action == "CreateTags") {
      bench.cloud.set_state(ec2::InstanceState::stopped);
    }
  };
  const auto outcome = bench.run();
  expect_untouched(bench, outcome);
  EXPECT_THAT(outcome.error->message, HasSubstr("was running when the backup was planned"));
  EXPECT_EQ(tag_on(bench), std::nullopt);
}

TEST(Hold, ATagThatCannotBeWrittenRefusesTheStop) {
  PitBench bench;
  bench.cloud.fail_call("CreateTags", 1, {ErrorKind::refused, "TagLimitExceeded", {}, {}});
  const auto outcome = bench.run();
  expect_untouched(bench, outcome);
  EXPECT_THAT(outcome.error->message, HasSubstr("TagLimitExceeded"));
}

TEST(Hold, RightsToTagAreCheckedBeforehand) {
  for (const auto* action : {"CreateTags", "DeleteTags"}) {
    PitBench bench;
    bench.cloud.fail_call(std::string("DryRun:") + action, 1,
                          {ErrorKind::forbidden, "UnauthorizedOperation", {}, {}});
    const auto outcome = bench.run();
    EXPECT_EQ(outcome.outcome, Outcome::refused) << action;
    EXPECT_THAT(outcome.error->message, HasSubstr(std::string("may not ") + action));
    EXPECT_EQ(bench.cloud.count("CreateTags"), 0U);
  }
}

TEST(Hold, AServerWithoutRoomForATagIsRefused) {
  PitBench bench;
  for (int i = 0; i < 50; ++i) {
    bench.cloud.instance_tags.push_back({"key" + std::to_string(i), "value"});
  }
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("no room for pitstop:down"));
}

TEST(Hold, ATagThatStaysIsSaidAloud) {
  PitBench bench;
  bench.cloud.fail_from("DeleteTags", 1, {ErrorKind::forbidden, "denied", {}, {}});
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_THAT(bench.seen.warnings(), HasSubstr("its tag pitstop:down is still there"));
  EXPECT_THAT(outcome.left_behind, testing::ElementsAre("its tag pitstop:down is still there"));
  EXPECT_EQ(bench.journal.open_backups()->size(), 1U) << "recover finds it";
  EXPECT_EQ(bench.journal.backups()->size(), 1U) << "and the backup counts";
}

TEST(Hold, AnInterruptionBeforeTheStopTakesEverythingAway) {
  PitBench bench;
  bench.cloud.on_call = [&bench](const ec2::Call& call) {
    if (call.action == "CreateTags") {
      bench.interruption.request();
    }
  };
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.error->kind, ErrorKind::interrupted);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  EXPECT_EQ(tag_on(bench), std::nullopt);
  EXPECT_TRUE(bench.journal.open_backups()->empty());
}

}  // namespace
}  // namespace pitstop
