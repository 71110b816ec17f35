// Which of the snapshots of one backup count.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/snapshotting.hpp"

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto pending = ec2::SnapshotState::pending;
constexpr auto lost = ec2::SnapshotState::error;

const VolumeId a("vol-a");
const VolumeId b("vol-b");
const VolumeId spare("vol-spare");

ec2::Snapshot snapshot(std::string id, VolumeId volume, int at,
                       ec2::SnapshotState state = pending) {
  ec2::Snapshot made;
  made.id = SnapshotId(std::move(id));
  made.volume = std::move(volume);
  made.started = WallTime(Seconds(at));
  made.state = state;
  return made;
}

std::vector<std::string> ids(const std::vector<ec2::Snapshot>& snapshots) {
  std::vector<std::string> names;
  for (const auto& each : snapshots) {
    names.push_back(each.id.str());
  }
  return names;
}

TEST(OneSet, OfOneRequestIsAllOfIt) {
  const auto one = one_set_of({snapshot("1", a, 10), snapshot("2", b, 13)}, {a, b});
  EXPECT_THAT(ids(one.kept), ElementsAre("1", "2")) << "even if their times differ";
  EXPECT_THAT(one.surplus, IsEmpty());
}

TEST(OneSet, OfTwoRequestsIsTheOlderOne) {
  const auto one = one_set_of(
      {snapshot("3", a, 20), snapshot("4", b, 20), snapshot("1", a, 10), snapshot("2", b, 10)},
      {a, b});
  EXPECT_THAT(ids(one.kept), ElementsAre("1", "2"));
  EXPECT_THAT(ids(one.surplus), ElementsAre("3", "4"));
}

TEST(OneSet, IsTheNewerOneWhereTheOlderHasFailedOrIsNotWhole) {
  const auto failed = one_set_of({snapshot("1", a, 10), snapshot("2", b, 10, lost),
                                  snapshot("3", a, 20), snapshot("4", b, 20)},
                                 {a, b});
  EXPECT_THAT(ids(failed.kept), ElementsAre("3", "4"));
  EXPECT_THAT(ids(failed.surplus), ElementsAre("1", "2"));
  const auto in_part =
      one_set_of({snapshot("1", a, 10), snapshot("3", a, 20), snapshot("4", b, 20)}, {a, b});
  EXPECT_THAT(ids(in_part.kept), ElementsAre("3", "4"));
  EXPECT_THAT(ids(in_part.surplus), ElementsAre("1"));
}

TEST(OneSet, NothingIsSurplusWhereNoneIsWhole) {
  const auto one = one_set_of({snapshot("1", a, 10), snapshot("3", a, 20)}, {a, b});
  EXPECT_THAT(ids(one.kept), ElementsAre("1", "3"));
  EXPECT_THAT(one.surplus, IsEmpty());
}

/// Who may write tags can give that of a backup to any snapshot.
TEST(OneSet, IsNotOfOneRunIfItsTimesAreFarApart) {
  const auto close = one_set_of({snapshot("1", a, 1000), snapshot("2", a, 1030)}, {a});
  EXPECT_TRUE(are_of_one_run(close, Seconds(30)));
  const auto far = one_set_of({snapshot("1", a, 1000), snapshot("2", a, 1200)}, {a});
  EXPECT_FALSE(are_of_one_run(far, Seconds(30)));
  auto timeless = close;
  timeless.kept.front().started.reset();
  EXPECT_FALSE(are_of_one_run(timeless, Seconds(30)));
}

TEST(OneSet, OfADetachedVolumeCountsTheOlderSnapshot) {
  const auto one =
      one_set_of({snapshot("1", a, 10), snapshot("5", spare, 12), snapshot("6", spare, 30)}, {a});
  EXPECT_THAT(ids(one.kept), ElementsAre("1", "5"));
  EXPECT_THAT(ids(one.surplus), ElementsAre("6"));
}

}  // namespace
}  // namespace pitstop
