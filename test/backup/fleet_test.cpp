#include "backup/fleet.hpp"

#include <gtest/gtest.h>

#include "support/pit_bench.hpp"

namespace pitstop {
namespace {

using test::PitBench;

Task<void> select(PitBench& bench, Selection selection, Result<SelectedServers>& selected) {
  const std::vector<ec2::Caller*> sites{&bench.cloud};
  selected = co_await select_servers(sites, std::move(selection));
}

TEST(Selection, GivesTheServerWithItsVolumesOnceHoweverOftenItIsNamed) {
  PitBench bench;
  Result<SelectedServers> selected;
  Selection twice{.ids = {bench.cloud.instance, bench.cloud.instance}, .tags = {}, .all = false};
  bench.time.run(select(bench, std::move(twice), selected));
  ASSERT_TRUE(selected.has_value());
  ASSERT_EQ(selected->servers.size(), 1U);
  EXPECT_EQ(selected->servers.front().volumes.size(), 3U);
}

Task<void> select_at_both(PitBench& bench, Result<SelectedServers>& selected) {
  const std::vector<ec2::Caller*> sites{&bench.cloud, &bench.cloud};
  selected = co_await select_servers(sites, {.ids = {}, .tags = {}, .all = true});
}

TEST(Selection, RefusesAServerThatTwoSitesShow) {
  PitBench bench;
  Result<SelectedServers> selected;
  bench.time.run(select_at_both(bench, selected));
  ASSERT_FALSE(selected);
  EXPECT_EQ(selected.error().kind, ErrorKind::usage);
  EXPECT_NE(selected.error().message.find("is seen at two sites"), std::string::npos);
}

TEST(Selection, NamesAnIdThatDoesNotExist) {
  PitBench bench;
  Result<SelectedServers> selected;
  Selection unknown{.ids = {InstanceId("i-0ffffffffffffffff")}, .tags = {}, .all = false};
  bench.time.run(select(bench, std::move(unknown), selected));
  ASSERT_FALSE(selected.has_value());
  EXPECT_EQ(selected.error().kind, ErrorKind::not_found);
  EXPECT_NE(selected.error().message.find("i-0ffffffffffffffff"), std::string::npos);
}

TEST(Selection, LeavesOutWhatIsExcluded) {
  PitBench bench;
  Result<SelectedServers> selected;
  Selection all{.ids = {}, .tags = {}, .all = true, .excluded = {bench.cloud.instance}};
  bench.time.run(select(bench, std::move(all), selected));
  ASSERT_FALSE(selected.has_value());
  EXPECT_EQ(selected.error().message, "every server that is selected is excluded");
}

TEST(Selection, TakesAnExclusionOfWhatIsNotSelectedForAMistake) {
  PitBench bench;
  Result<SelectedServers> selected;
  Selection all{.ids = {}, .tags = {}, .all = true, .excluded = {InstanceId("i-0fffffff")}};
  bench.time.run(select(bench, std::move(all), selected));
  ASSERT_FALSE(selected.has_value());
  EXPECT_EQ(selected.error().kind, ErrorKind::usage);
  EXPECT_NE(selected.error().message.find("i-0fffffff"), std::string::npos);
}

TEST(Selection, AsksOnlyForServersThatRunOrAreStoppedWhenNoneIsNamed) {
  PitBench bench;
  Result<SelectedServers> selected;
  Selection by_tag{.ids = {}, .tags = {{"team", "web*"}}, .all = false};
  bench.time.run(select(bench, std::move(by_tag), selected));
  const auto& parameters = bench.cloud.first("DescribeInstances").parameters;
  EXPECT_EQ(*parameters.find("Filter.1.Name"), "instance-state-name");
  EXPECT_EQ(*parameters.find("Filter.2.Name"), "tag:team");
  EXPECT_EQ(*parameters.find("Filter.2.Value.1"), "web*");
}

Task<void> plan(PitBench& bench, std::vector<Checked>& plans) {
  const auto tools = bench.tools();
  Selection selection{.ids = {bench.cloud.instance}, .tags = {}, .all = false};
  const std::vector<ec2::Caller*> sites{&bench.cloud};
  auto selected = co_await select_servers(sites, std::move(selection));
  BackupOptions options;
  const RunId run("r-test");
  plans = co_await check_fleet(tools, std::move(selected->servers), std::move(options), run);
}

TEST(Fleet, PlanningChangesNothing) {
  PitBench bench;
  std::vector<Checked> plans;
  bench.time.run(plan(bench, plans));
  ASSERT_EQ(plans.size(), 1U);
  EXPECT_TRUE(plans.front().may_begin());
  for (const auto& call : bench.cloud.calls) {
    EXPECT_TRUE(call.action.starts_with("Describe") || call.action.starts_with("Get"))
        << call.action;
  }
}

TEST(Fleet, CountsTheCallsOfEachServer) {
  PitBench bench;
  const auto outcome = bench.run();
  // Two dry runs of states, two of tags and one of snapshots are not recorded; nine calls are for
  // all servers: two select them, one asks for planned events, one for pending snapshots, and five
  // tag and untag.
  EXPECT_EQ(outcome.api_calls, static_cast<int>(bench.cloud.calls.size()) + 5 - 9);
}

}  // namespace
}  // namespace pitstop
