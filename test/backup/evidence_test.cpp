// What is believed of tags that anybody may have written.

#include "backup/evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/options.hpp"

namespace pitstop {
namespace {

using testing::HasSubstr;

const WallTime now = *parse_rfc3339("2026-06-01T12:00:00Z");

DownTag tag(Milliseconds since, Milliseconds until) {
  return {.run = RunId("r-1"), .since = now + since, .until = now + until, .host = "host-1"};
}

constexpr Milliseconds minute = std::chrono::minutes(1);
constexpr Milliseconds hour = std::chrono::hours(1);
constexpr Milliseconds day = std::chrono::days(1);

TEST(Claims, EndWithTheirTime) {
  EXPECT_EQ(claim_of(tag(-10 * minute, 40 * minute), now), Claim::holds);
  EXPECT_EQ(claim_of(tag(-hour, -4 * minute), now), Claim::holds) << "clocks differ";
  EXPECT_EQ(claim_of(tag(-hour, -6 * minute), now), Claim::over);
}

TEST(Claims, AreNotBelievedWithTimesThatNoRunWrites) {
  EXPECT_EQ(claim_of(tag(-hour, 973 * 365 * day), now), Claim::unbelievable);
  EXPECT_EQ(claim_of(tag(-hour, 9 * day), now), Claim::unbelievable);
  EXPECT_EQ(claim_of(tag(2 * hour, 3 * hour), now), Claim::unbelievable) << "not in the future";
  EXPECT_EQ(claim_of(tag(-hour, -2 * hour), now), Claim::unbelievable);
  EXPECT_EQ(claim_of(tag(-800 * 365 * day, -800 * 365 * day + hour), now), Claim::unbelievable);
  EXPECT_EQ(claim_of(tag(7000 * 365 * day, 7000 * 365 * day), now), Claim::unbelievable);
}

/// What the longest options ask for is believed, whole minutes and all.
TEST(Claims, AreBelievedOfEveryOption) {
  const auto longest = std::chrono::ceil<Milliseconds>(longest_outage_of_all());
  EXPECT_EQ(claim_of(tag(Milliseconds(0), longest + minute), now), Claim::holds);
  EXPECT_EQ(longest_outage_of_all(),
            longest_leave + most_max_downtime + most_stop_timeout + std::chrono::minutes(25));
}

ec2::Instance stopped_at(Milliseconds when) {
  ec2::Instance instance;
  instance.id = InstanceId("i-1");
  instance.zone = "us-east-1a";
  instance.state = ec2::InstanceState::stopped;
  instance.state_reason_code = "Client.UserInitiatedShutdown";
  const auto text = rfc3339(now + when);
  instance.transition_reason =
      "User initiated (" + text.substr(0, 10) + " " + text.substr(11, 8) + " GMT)";
  return instance;
}

TEST(StopsOfRuns, AreThoseBetweenTheTimesOfTheTag) {
  const auto over = tag(-2 * hour, -hour);
  EXPECT_TRUE(shows_stop_of(over, stopped_at(-2 * hour)));
  EXPECT_TRUE(shows_stop_of(over, stopped_at(-90 * minute)));
  EXPECT_FALSE(shows_stop_of(over, stopped_at(-3 * hour))) << "it was stopped before";
  EXPECT_FALSE(shows_stop_of(over, stopped_at(-30 * minute))) << "the run was over";
}

TEST(StopsOfRuns, AreNoneThatEc2TellsOtherwise) {
  auto instance = stopped_at(-90 * minute);
  instance.state_reason_code = "Client.InstanceInitiatedShutdown";
  EXPECT_FALSE(shows_stop_of(tag(-2 * hour, -hour), instance));
  instance.state_reason_code = "Client.InternalError";
  EXPECT_FALSE(shows_stop_of(tag(-2 * hour, -hour), instance));
  instance.launched = now - 90 * minute;
  EXPECT_TRUE(shows_stop_of(tag(-2 * hour, -hour), instance)) << "somebody wanted it to run";
}

/// A restore of one volume, as an honest run leaves it half way.
struct Restore {
  RestoreFacts facts{.server = stopped_at(-90 * minute),
                     .tag = tag(-2 * hour, -hour),
                     .volumes = {},
                     .snapshots = {}};
  Swap swap{.restore = RestoreId("rs-1")};

  Restore() {
    ec2::Volume made;
    made.id = VolumeId("vol-new");
    made.zone = "us-east-1a";
    made.created = now - 110 * minute;
    made.made_from = SnapshotId("snap-1");
    made.tags = {{"pitstop:restore", "rs-1"}, {"pitstop:restored-from", "b-1"}};
    ec2::Volume old;
    old.id = VolumeId("vol-old");
    old.tags = {{"pitstop:replaced-by", "rs-1"}, {"pitstop:replaced-place", "/dev/xvda goes i-1"}};
    facts.volumes = {made, old};
    ec2::Snapshot source;
    source.id = SnapshotId("snap-1");
    source.tags = {{"pitstop:backup", "b-1"}};
    facts.snapshots = {source};
    swap.volumes = {{.device = "/dev/xvda",
                     .out = old.id,
                     .in = made.id,
                     .request = ec2::VolumeRequest(),
                     .server = InstanceId("i-1")}};
  }

  ec2::Volume& made() { return facts.volumes[0]; }
  ec2::Volume& old() { return facts.volumes[1]; }
};

TEST(FactsOfRestores, SupportWhatAnHonestRunLeaves) {
  Restore restore;
  EXPECT_TRUE(supports(restore.facts, restore.swap));
  restore.made().attachments = {{InstanceId("i-1"), "/dev/xvda", "attached"}};
  EXPECT_TRUE(supports(restore.facts, restore.swap));
  restore.made().attachments.clear();
  restore.old().attachments = {{InstanceId("i-1"), "/dev/xvda", "attached"}};
  restore.old().tags.clear();
  EXPECT_TRUE(supports(restore.facts, restore.swap));
}

TEST(FactsOfRestores, SupportNothingElse) {
  using Change = void (*)(Restore&);
  const std::vector<std::pair<const char*, Change>> changes{
      {"older than the restore", [](Restore& r) { r.made().created = now - 3 * hour; }},
      {"of unknown age", [](Restore& r) { r.made().created.reset(); }},
      {"from no snapshot", [](Restore& r) { r.made().made_from = {}; }},
      {"from another backup", [](Restore& r) { r.facts.snapshots[0].tags[0].value = "b-2"; }},
      {"from a snapshot that is gone", [](Restore& r) { r.facts.snapshots.clear(); }},
      {"of another restore", [](Restore& r) { r.made().tags[0].value = "rs-2"; }},
      {"for another server", [](Restore& r) { r.swap.volumes[0].server = InstanceId("i-2"); }},
      {"for no server", [](Restore& r) { r.swap.volumes[0].server = {}; }},
      {"in another zone", [](Restore& r) { r.made().zone = "us-east-1b"; }},
      {"attached elsewhere",
       [](Restore& r) { r.made().attachments = {{InstanceId("i-2"), "/dev/xvda", "attached"}}; }},
      {"attached at another place",
       [](Restore& r) { r.made().attachments = {{InstanceId("i-1"), "/dev/sdg", "attached"}}; }},
      {"unknown", [](Restore& r) { r.facts.volumes.clear(); }},
      {"the old one is another's",
       [](Restore& r) { r.old().attachments = {{InstanceId("i-2"), "/dev/xvda", "attached"}}; }},
      {"the old one is of another place",
       [](Restore& r) { r.old().attachments = {{InstanceId("i-1"), "/dev/sdg", "attached"}}; }},
      {"the old one does not say so", [](Restore& r) { r.old().tags.clear(); }},
      {"the old one names another server",
       [](Restore& r) { r.old().tags[1].value = "/dev/xvda goes i-2"; }},
      {"found, and never replaced", [](Restore& r) { r.swap.volumes[0].request.reset(); }}};
  for (const auto& [what, change] : changes) {
    Restore restore;
    change(restore);
    EXPECT_FALSE(supports(restore.facts, restore.swap)) << what;
  }
}

TEST(TagsOfOthers, HoldAServerForTheirTime) {
  auto server = stopped_at(-5 * minute);
  server.state = ec2::InstanceState::running;
  server.tags = {{down_tag_key, to_text(tag(-minute, hour))}};
  const auto held = held_by_tag(server, now);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->kind, ErrorKind::held);
  EXPECT_THAT(held->message, HasSubstr("the run r-1 on host-1, since 2026-06-01T11:59:00.000Z, "
                                       "until 2026-06-01T13:00:00.000Z at the latest"));
  server.state = ec2::InstanceState::stopped;
  EXPECT_THAT(held_by_tag(server, now)->message, HasSubstr("is DOWN: it is held by"));
}

TEST(TagsOfOthers, HoldNoServerThatRunsForEver) {
  auto server = stopped_at(-5 * minute);
  for (const auto& text : {to_text(tag(-hour, -10 * minute)), to_text(tag(-hour, 973 * 365 * day)),
                           std::string("yes"), std::string()}) {
    server.tags = {{down_tag_key, text}};
    server.state = ec2::InstanceState::running;
    EXPECT_FALSE(held_by_tag(server, now)) << text;
    server.state = ec2::InstanceState::stopped;
    const auto held = held_by_tag(server, now);
    ASSERT_TRUE(held) << text;
    EXPECT_THAT(held->hint, HasSubstr("aws ec2 delete-tags --resources i-1 --tags "
                                      "Key=pitstop:down"));
  }
}

}  // namespace
}  // namespace pitstop
