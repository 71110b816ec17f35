// A restore of a new server, or of volumes, that is killed at each of its calls, and what
// `pitstop recover` makes of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command_bench.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/volumes.hpp"
#include "sites_bench.hpp"

namespace pitstop::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

sim::Scenario one_server() {
  sim::Scenario scenario;
  sim::ServerPlan server;
  server.name = "web";
  server.region = "us-east-1";
  server.volumes = {sim::VolumePlan{}};
  scenario.servers.push_back(server);
  return scenario;
}

class LostRestores : public testing::Test {
 protected:
  LostRestores() {
    bench.add_account(SitesBench::own_account, one_server());
    const auto backed_up = bench.run({"backup", "--all", "--yes", "--output", "json"});
    EXPECT_EQ(backed_up.status, 0) << backed_up.diagnostics;
    backup = messages_in(backed_up.output).back()["backups"][0]["backup_id"];
  }

  sim::Region& region() { return bench.account(SitesBench::own_account).region("us-east-1"); }

  std::size_t servers() {
    return static_cast<std::size_t>(
        std::ranges::count_if(region().instances, [](const auto& instance) {
          return instance.second.state() != sim::InstanceState::terminated;
        }));
  }

  bool has_image() {
    return std::ranges::any_of(region().images,
                               [](const auto& image) { return !image.second.deregistered; });
  }

  std::vector<std::string> line(std::vector<std::string> how) {
    how.insert(how.begin(), {"restore", backup, "--yes"});
    return how;
  }

  /// All that can be asked of `recover` when a restore was killed.
  void expect_cleared() {
    const auto before = servers();
    const auto volumes = std::ranges::count_if(region().volumes, [](const auto& volume) {
      return !volume.second.deleted && volume.second.attached_to.empty();
    });
    const auto recovered = bench.run({"recover"});
    EXPECT_FALSE(has_image());
    EXPECT_EQ(servers(), before) << "what was made stays";
    EXPECT_EQ(recovered.status, before > 1 || volumes > 0 ? 3 : 0) << recovered.output;
    const auto again = bench.run({"recover"});
    EXPECT_EQ(again.status, 0);
    EXPECT_THAT(again.output, HasSubstr("nothing to recover"));
  }

  std::string backup;
  SitesBench bench;
};

TEST_F(LostRestores, OfANewServerLeaveNoImageWhereverTheyEnd) {
  int kills = 0;
  for (const auto* action :
       {"RegisterImage", "DescribeImages", "RunInstances", "DescribeInstances", "DescribeVolumes",
        "CreateTags", "DeregisterImage", "DescribeInstanceStatus"}) {
    SCOPED_TRACE(action);
    bench.run_until(action, line({"--new"}));
    expect_cleared();
    for (auto& [id, instance] : region().instances) {
      if (instance.tags.contains("pitstop:restore")) {
        sim::terminate_instances(region(), {id});
      }
    }
    bench.time.run(bench.time.sleep(std::chrono::minutes(5)));
    ++kills;
  }
  EXPECT_EQ(kills, 8);
}

TEST_F(LostRestores, OfANewServerAreToldWithWhatTheyHaveMade) {
  bench.run_until("DescribeInstanceStatus", line({"--new"}));
  const auto told = bench.run({"recover", "--dry-run"});
  EXPECT_EQ(told.status, 3);
  const auto recovered = bench.run({"recover"});
  EXPECT_EQ(recovered.status, 3);
  for (const auto& result : {told, recovered}) {
    EXPECT_THAT(result.output + result.diagnostics,
                ContainsRegex("rs-[0-9a-f]+ was interrupted after it had launched i-[0-9a-f]+ "
                              "\\(running\\), which may not be all that was planned"));
    EXPECT_THAT(result.output + result.diagnostics,
                HasSubstr("aws ec2 terminate-instances --instance-ids i-"));
  }
  EXPECT_THAT(recovered.output, HasSubstr("1 interrupted restore is ended"));
}

TEST_F(LostRestores, OfVolumesNameThemAndHowTheyAreDeleted) {
  bench.run_until("DescribeVolumes", line({"--volumes-only"}));
  const auto recovered = bench.run({"recover"});
  EXPECT_EQ(recovered.status, 3) << recovered.output;
  EXPECT_THAT(recovered.output + recovered.diagnostics,
              ContainsRegex("rs-[0-9a-f]+ was interrupted after it had made vol-[0-9a-f]+"));
  EXPECT_THAT(recovered.output + recovered.diagnostics,
              ContainsRegex("if nobody needs them: pitstop restore --finish rs-[0-9a-f]+"));
}

TEST_F(LostRestores, AreFoundAgainWhenTheRecoveryIsKilledToo) {
  bench.run_until("RunInstances", line({"--new"}));
  EXPECT_TRUE(has_image());
  for (const auto* action : {"DescribeImages", "DeregisterImage"}) {
    SCOPED_TRACE(action);
    bench.run_until(action, {"recover"});
    EXPECT_TRUE(has_image());
  }
  expect_cleared();
}

TEST_F(LostRestores, StayOpenWhileTheirImageCannotBeDeregistered) {
  bench.account(SitesBench::own_account).deny({"DeregisterImage"});
  const auto restored = bench.run(line({"--new"}));
  EXPECT_EQ(restored.status, 3) << restored.output;
  EXPECT_THAT(restored.output, ContainsRegex("LEFT: the image ami-[0-9a-f]+, whose snapshots "
                                             "cannot be deleted"));
  EXPECT_THAT(restored.output, HasSubstr("; pitstop recover clears it away\n"));
  const auto refused = bench.run({"recover"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.output + refused.diagnostics, HasSubstr("is not cleared away"));
  bench.account(SitesBench::own_account).deny({});
  bench.run({"recover"});
  EXPECT_FALSE(has_image());
}

TEST_F(LostRestores, ThatEndedWellAreNotHeardOfAgain) {
  EXPECT_EQ(bench.run(line({"--new"})).status, 0);
  EXPECT_EQ(bench.run(line({"--volumes-only"})).status, 0);
  const auto recovered = bench.run({"recover"});
  EXPECT_EQ(recovered.status, 0);
  EXPECT_THAT(recovered.output, HasSubstr("nothing to recover"));
  EXPECT_THAT(recovered.output, Not(HasSubstr("rs-")));
}

/// The tag of a restore on an image of somebody else proves nothing.
TEST_F(LostRestores, TakeNoImageByItsTags) {
  bench.run_until("RunInstances", line({"--new"}));
  auto golden = region().images.begin()->second;
  golden.id = ImageId("ami-00000000000000001");
  golden.name = "golden";
  region().images.emplace(golden.id, golden);
  bench.run({"recover"});
  for (const auto& [id, image] : region().images) {
    EXPECT_EQ(image.deregistered.has_value(), image.name != "golden") << id.str();
  }
}

}  // namespace
}  // namespace pitstop::test
