#include "prune/remove_backups.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/priming.hpp"
#include "backup/snapshot_description.hpp"
#include "history.hpp"
#include "restore/restore_plan.hpp"
#include "support/coroutine.hpp"
#include "support/pit_bench.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A backup of two volumes; its snapshots are "snap-NUMBER-1" and "snap-NUMBER-2".
BackupSet set_of_two(int number) {
  auto set = good_set(time_at("2026-11-23T00:16:00Z") + std::chrono::days(number));
  set.backup = BackupId(fmt::format("b-{}", number));
  set.snapshots.push_back(set.snapshots.front());
  set.snapshots[0].id = SnapshotId(fmt::format("snap-{}-1", number));
  set.snapshots[1].id = SnapshotId(fmt::format("snap-{}-2", number));
  return set;
}

ec2::Tags tags_of(const BackupSet& set) {
  return {{"pitstop:backup", set.backup.str()}, {"pitstop:instance", set.instance.str()}};
}

std::string tag_xml(const std::string& key, const std::string& value) {
  return fmt::format("<item><key>{}</key><value>{}</value></item>", key, value);
}

/// What EC2 shows of a snapshot with the tags of a set.
std::string snapshot_xml(const BackupSet& set, const std::string& id, const std::string& volume,
                         const std::string& description, const std::string& more_tags = "") {
  std::string tags;
  for (const auto& tag : tags_of(set)) {
    tags += tag_xml(tag.key, tag.value);
  }
  return fmt::format(
      "<item><snapshotId>{}</snapshotId><volumeId>{}</volumeId><status>completed</status>"
      "<description>{}</description><tagSet>{}{}</tagSet></item>",
      id, volume, description, tags, more_tags);
}

std::string described(const BackupSet& set) {
  auto tags = tags_of(set);
  const auto configuration =
      pack_configuration(capture_configuration({}, {}, std::vector<ec2::Volume>()));
  std::ranges::copy(configuration, std::back_inserter(tags));
  return describe_backup(set.backup, set.instance, tags);
}

std::string configuration_xml() {
  std::string xml;
  for (const auto& tag :
       pack_configuration(capture_configuration({}, {}, std::vector<ec2::Volume>()))) {
    xml += tag_xml(tag.key, tag.value);
  }
  return xml;
}

/// What EC2 shows of a set: these of its snapshots, and perhaps somebody else's.
std::string shown(const BackupSet& set, std::size_t count = 2, const std::string& more = "") {
  std::string items;
  for (std::size_t i = 0; i < count; ++i) {
    items += snapshot_xml(set, set.snapshots[i].id.str(), fmt::format("vol-{}", i), described(set),
                          configuration_xml());
  }
  return "<snapshotSet>" + items + more + "</snapshotSet>";
}

/// A pre-snapshot of the run r-1.
std::string shown_prime(const BackupSet& set) {
  std::string items;
  for (const auto& snapshot : set.snapshots) {
    items += fmt::format(
        "<item><snapshotId>{}</snapshotId><volumeId>vol-1</volumeId><status>completed</status>"
        "<description>{}</description><tagSet>{}{}{}</tagSet></item>",
        snapshot.id.str(),
        describe_pre_snapshot(RunId("r-1"), set.instance, BackupId("b-before"), {}),
        tag_xml("pitstop:run", "r-1"), tag_xml("pitstop:instance", set.instance.str()),
        tag_xml(prime_tag_key, prime_to_remove));
  }
  return "<snapshotSet>" + items + "</snapshotSet>";
}

std::string image_xml(const std::string& id, const SnapshotId& snapshot, const std::string& tags,
                      const std::string& name = "", const std::string& description = "") {
  return fmt::format(
      "<imagesSet><item><imageId>{}</imageId><name>{}</name><description>{}</description>"
      "<imageState>available</imageState>"
      "<blockDeviceMapping><item><ebs><snapshotId>{}</snapshotId></ebs></item>"
      "</blockDeviceMapping><tagSet>{}</tagSet></item></imagesSet>",
      id, name, description, snapshot.str(), tags);
}

std::string own_image_xml(const BackupSet& set) {
  return image_xml("ami-1", set.snapshots[0].id, tag_xml("pitstop:backup", set.backup.str()),
                   "pitstop r-1 i-1", described(set));
}

class RemovalBench {
 public:
  explicit RemovalBench(VirtualTime& time) : caller(time), observer(time), time_(time) {}
  ~RemovalBench() { EXPECT_THAT(caller.unused(), IsEmpty()); }

  void expect_look(const BackupSet& set, const std::string& images = "<imagesSet/>") {
    caller.on("DescribeSnapshots").reply(shown(set));
    caller.on("DescribeImages").reply(images);
  }

  Task<Removed> remove(std::vector<BackupSet> sets) {
    ServerPrune plan{.instance = InstanceId("i-1"), .name = "web-1", .site_name = "here"};
    for (auto& set : sets) {
      plan.backups.push_back({std::move(set), Fate::remove, {"no rule keeps it"}});
    }
    return remove_backups(tools(), std::move(plan));
  }

  Task<Removed> remove(Leftover leftover) {
    ServerPrune plan{.instance = InstanceId("i-1"), .name = "web-1", .site_name = "here"};
    plan.leftovers.push_back({std::move(leftover), Fate::remove, {"older than 7d"}});
    return remove_backups(tools(), std::move(plan));
  }

  PruneTools tools() {
    return {.ec2 = caller, .clock = time_, .observer = observer, .interruption = interruption};
  }

  ScriptedCaller caller;
  RecordingObserver observer;
  Interruption interruption;

 private:
  VirtualTime& time_;
};

VIRTUAL_TEST(RemoveBackups, MarksThenDeregistersThenDeletes) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(set, own_image_xml(set));
  bench.caller.on("CreateTags").reply();
  bench.caller.on("DeregisterImage").reply();
  bench.caller.on("DeleteSnapshot").times(2).reply();
  const auto removed = co_await bench.remove({set});
  EXPECT_THAT(bench.caller.actions(),
              ElementsAre("DescribeSnapshots", "DescribeImages", "CreateTags", "DeregisterImage",
                          "DeleteSnapshot", "DeleteSnapshot"));
  EXPECT_THAT(bench.caller.calls()[2].list("ResourceId"), ElementsAre("snap-1-1", "snap-1-2"));
  EXPECT_EQ(bench.caller.calls()[2].parameter("Tag.1.Key"), pruning_tag_key);
  EXPECT_EQ(removed.backups, 1U);
  EXPECT_EQ(removed.freed_bytes, std::int64_t{8} << 30);
  EXPECT_EQ(bench.observer.count(Step::removed), 1U);
}

VIRTUAL_TEST(RemoveBackups, DeletesOnlyWhatCarriesItsTagsAtThatTime) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.caller.on("DescribeSnapshots").reply(shown(set, 1));
  bench.caller.on("DescribeImages").reply("<imagesSet/>");
  bench.caller.on("CreateTags").reply();
  bench.caller.on("DeleteSnapshot").reply();
  co_await bench.remove({set});
  EXPECT_EQ(bench.caller.calls().back().parameter("SnapshotId"), "snap-1-1");
  const auto& look = bench.caller.calls().front();
  EXPECT_EQ(look.parameter("Filter.1.Name"), "tag:pitstop:backup");
  EXPECT_EQ(look.parameter("Filter.1.Value.1"), "b-1");
}

VIRTUAL_TEST(RemoveBackups, GoesOnAfterOneThatIsRefusedAndLeavesItAsItWas) {
  RemovalBench bench(time);
  const auto refused = set_of_two(1);
  const auto next = set_of_two(2);
  bench.expect_look(refused);
  bench.caller.on("CreateTags").times(2).reply();
  bench.caller.on("DeleteSnapshot").fail_with_code("SnapshotLocked", 400);
  bench.caller.on("DeleteTags").reply();
  bench.expect_look(next);
  bench.caller.on("DeleteSnapshot").times(2).reply();
  const auto removed = co_await bench.remove({next, refused});
  EXPECT_EQ(removed.backups, 1U);
  EXPECT_EQ(removed.not_removed, 1U);
  EXPECT_THAT(bench.observer.warnings(), HasSubstr("b-1 is not removed: "));
  EXPECT_THAT(bench.observer.warnings(), HasSubstr("SnapshotLocked"));
  const auto marked = bench.caller.calls_of("CreateTags").front();
  const auto unmarked = bench.caller.calls_of("DeleteTags").front();
  EXPECT_EQ(unmarked.parameter("Tag.1.Value"), marked.parameter("Tag.1.Value"));
}

VIRTUAL_TEST(RemoveBackups, OneThatIsHalfGoneKeepsItsMark) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(set);
  bench.caller.on("CreateTags").reply();
  bench.caller.on("DeleteSnapshot").reply();
  bench.caller.on("DeleteSnapshot").fail(ErrorKind::forbidden);
  const auto removed = co_await bench.remove({set});
  EXPECT_EQ(removed.not_removed, 1U);
  EXPECT_THAT(bench.caller.calls_of("DeleteTags"), IsEmpty());
}

VIRTUAL_TEST(RemoveBackups, OneThatCannotBeMarkedIsNotBegun) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(set);
  bench.caller.on("CreateTags").fail(ErrorKind::forbidden);
  EXPECT_EQ((co_await bench.remove({set})).not_removed, 1U);
}

VIRTUAL_TEST(RemoveBackups, OneWithoutRoomForAMarkGoesAllTheSame) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(set);
  bench.caller.on("CreateTags").fail_with_code("TagLimitExceeded", 400);
  bench.caller.on("DeleteSnapshot").times(2).reply();
  EXPECT_EQ((co_await bench.remove({set})).backups, 1U);
}

VIRTUAL_TEST(RemoveBackups, WhatIsGoneAlreadyIsDone) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(set, own_image_xml(set));
  bench.caller.on("CreateTags").reply();
  bench.caller.on("DeregisterImage").fail_with_code("InvalidAMIID.Unavailable", 400);
  bench.caller.on("DeleteSnapshot").times(2).fail_with_code("InvalidSnapshot.NotFound", 400);
  EXPECT_EQ((co_await bench.remove({set})).backups, 1U);
}

VIRTUAL_TEST(RemoveBackups, WaitsUntilEC2KnowsThatTheImageIsGone) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(
      set, image_xml("ami-1", set.snapshots[0].id,
                     tag_xml(restored_from_tag_key, "b-1") + tag_xml(restore_tag_key, "rs-1"),
                     restore_image_name(RestoreId("rs-1"), set.backup),
                     restore_image_description(set.backup, set.instance)));
  bench.caller.on("CreateTags").reply();
  bench.caller.on("DeregisterImage").reply();
  bench.caller.on("DeleteSnapshot").times(3).fail_with_code("InvalidSnapshot.InUse", 400);
  bench.caller.on("DeleteSnapshot").times(2).reply();
  const auto begun = time.now();
  EXPECT_EQ((co_await bench.remove({set})).backups, 1U);
  EXPECT_EQ(time.now() - begun, Seconds(15));
}

VIRTUAL_TEST(RemoveBackups, AnImageThatHasComeMeanwhileSavesIt) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(set, image_xml("ami-9", set.snapshots[1].id, ""));
  EXPECT_EQ((co_await bench.remove({set})).not_removed, 1U);
  EXPECT_THAT(bench.observer.warnings(), HasSubstr("ami-9 stands on its snap-1-2"));
}

VIRTUAL_TEST(RemoveBackups, EndsBetweenTwoTheOldestFirst) {
  RemovalBench bench(time);
  const auto older = set_of_two(1);
  bench.expect_look(older);
  bench.caller.on("CreateTags").reply();
  bench.caller.on("DeleteSnapshot").times(2).reply();
  bench.observer.on_event = [&](const Event&) { bench.interruption.request(); };
  const auto removed = co_await bench.remove({set_of_two(2), older});
  EXPECT_EQ(removed.backups, 1U);
  EXPECT_EQ(removed.not_removed, 0U);
}

VIRTUAL_TEST(RemoveBackups, APrimeOfWhichAnImageWasMadeStays) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  Leftover prime;
  prime.run = RunId("r-1");
  prime.snapshots = set.snapshots;
  prime.instance = InstanceId("i-1");
  bench.caller.on("DescribeSnapshots").reply(shown_prime(set));
  bench.caller.on("DescribeImages").reply(image_xml("ami-9", set.snapshots[1].id, ""));
  EXPECT_EQ((co_await bench.remove(prime)).not_removed, 1U);
  EXPECT_THAT(bench.observer.warnings(),
              HasSubstr("the prime of r-1 is not removed: ami-9 stands on its snapshots"));
  bench.caller.on("DescribeSnapshots").reply(shown_prime(set));
  bench.caller.on("DescribeImages").reply("<imagesSet/>");
  bench.caller.on("DeleteSnapshot").times(2).reply();
  EXPECT_EQ((co_await bench.remove(prime)).leftovers, 1U);
}

VIRTUAL_TEST(RemoveBackups, APrimeThatPitstopDidNotMakeStays) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  Leftover prime;
  prime.run = RunId("r-1");
  prime.snapshots = set.snapshots;
  prime.instance = InstanceId("i-1");
  const auto foreign =
      snapshot_xml(set, "snap-9", "vol-9", "nightly", tag_xml(prime_tag_key, prime_to_remove));
  bench.caller.on("DescribeSnapshots").reply("<snapshotSet>" + foreign + "</snapshotSet>");
  co_await bench.remove(prime);
  EXPECT_THAT(bench.caller.calls_of("DeleteSnapshot"), IsEmpty());
}

VIRTUAL_TEST(RemoveBackups, AStrangersSnapshotWithItsTagsStays) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  const auto stranger = snapshot_xml(set, "snap-9", "vol-0", "golden", configuration_xml());
  bench.caller.on("DescribeSnapshots").reply(shown(set, 2, stranger));
  bench.caller.on("DescribeImages").reply("<imagesSet/>");
  bench.caller.on("CreateTags").reply();
  bench.caller.on("DeleteSnapshot").times(2).reply();
  EXPECT_EQ((co_await bench.remove({set})).backups, 1U);
  for (const auto& call : bench.caller.calls_of("DeleteSnapshot")) {
    EXPECT_NE(call.parameter("SnapshotId"), "snap-9");
  }
  EXPECT_THAT(bench.caller.calls_of("CreateTags").front().list("ResourceId"),
              ElementsAre("snap-1-1", "snap-1-2"));
}

VIRTUAL_TEST(RemoveBackups, OneThatHasBecomeSuspectStays) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.caller.on("DescribeSnapshots")
      .reply("<snapshotSet>" +
             snapshot_xml(set, "snap-1-1", "vol-0", described(set),
                          tag_xml("pitstop:config.1", "garbage")) +
             "</snapshotSet>");
  bench.caller.on("DescribeImages").reply("<imagesSet/>");
  EXPECT_EQ((co_await bench.remove({set})).not_removed, 1U);
  EXPECT_THAT(bench.observer.warnings(), HasSubstr("b-1 is not removed: it has become suspect"));
}

VIRTUAL_TEST(RemoveBackups, AGoldenImageWithItsTagsSavesIt) {
  RemovalBench bench(time);
  const auto set = set_of_two(1);
  bench.expect_look(
      set, image_xml("ami-golden", set.snapshots[0].id,
                     tag_xml("pitstop:backup", "b-1") + tag_xml("pitstop:run", "r-1") +
                         tag_xml(restored_from_tag_key, "b-1") + tag_xml(restore_tag_key, "rs-1"),
                     "golden", "our base"));
  EXPECT_EQ((co_await bench.remove({set})).not_removed, 1U);
  EXPECT_THAT(bench.observer.warnings(), HasSubstr("ami-golden stands on its snap-1-1"));
}

}  // namespace
}  // namespace pitstop::test
