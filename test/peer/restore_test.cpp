// `pitstop list`, `restore`, `rollback`, `copy` and `prune` against moto over real HTTP. What moto
// cannot tell: what is on a volume, whether a system boots of it, what an image is billed as (it
// says Linux/UNIX of every one), and the states between (a volume is there at once, status checks
// have passed at once; copies, too). It copies from other regions of one account, not from other
// accounts, and looks at no key.

#include <gmock/gmock.h>

#include "peer/peer.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::IsSupersetOf;

class PeerRestore : public PeerTest {
 protected:
  void SetUp() override {
    PeerTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    made = make_instance(moto().endpoint());
    backup = back_up();
  }

  std::string back_up() {
    const auto result = pitstop({"backup", made.id.str()});
    EXPECT_EQ(result.exit_status, 0) << result;
    return first_backup(result)["backup_id"];
  }

  json summary_of(const std::vector<std::string>& arguments) {
    const auto result = pitstop(arguments);
    EXPECT_EQ(result.exit_status, 0) << result;
    return messages_in(result.output).back();
  }

  std::vector<std::string> backups() {
    std::vector<std::string> ids;
    for (const auto& message : messages_in(pitstop({"list"}).output)) {
      if (message["message_type"] == "backup") {
        EXPECT_EQ(message["state"], "complete");
        ids.push_back(message["backup_id"]);
      }
    }
    return ids;
  }

  MadeInstance made;
  std::string backup;
};

TEST_F(PeerRestore, MakesANewServer) {
  EXPECT_EQ(backups(), std::vector{backup});
  const auto result = pitstop({"restore", backup, "--new", "--yes"});
  const auto summary = messages_in(result.output).back();
  const InstanceId id(summary["instance_id"].get<std::string>());
  EXPECT_EQ(state_of(id), "running");
  EXPECT_FALSE(summary["volumes"].empty());
  // moto makes but the root of a registered image, and that is told.
  EXPECT_EQ(result.exit_status, 1) << result;
  EXPECT_THAT(summary["error"]["message"].get<std::string>(),
              testing::HasSubstr("is not what was planned: "));
  EXPECT_TRUE(summary["checks_passed"]);
  EXPECT_EQ(state_of(made.id), "running");
  EXPECT_THAT(changes(), IsSupersetOf({"RegisterImage", "RunInstances", "DeregisterImage"}));
}

TEST_F(PeerRestore, MakesVolumes) {
  const auto summary =
      summary_of({"restore", backup, "--volumes-only", "--attach-to", made.id.str()});
  EXPECT_EQ(summary["volumes"].size(), 3U);
  EXPECT_EQ(summary["instance_id"], made.id.str());
}

TEST_F(PeerRestore, ExchangesVolumesAndTakesThatBack) {
  const auto restored = summary_of({"restore", backup, "--in-place", made.id.str(), "--yes"});
  EXPECT_EQ(restored["volumes_are"], "new");
  EXPECT_EQ(restored["kept"].size(), 3U);
  EXPECT_EQ(state_of(made.id), "running");
  const auto back = summary_of({"rollback", restored["restore_id"], "--yes"});
  EXPECT_EQ(back["volumes_are"], "new");
  std::vector<std::string> volumes;
  for (const auto& volume : back["volumes"]) {
    volumes.push_back(volume["volume_id"]);
  }
  for (const auto& volume : made.volumes) {
    EXPECT_THAT(volumes, testing::Contains(volume.str()));
  }
  const auto finished = summary_of({"restore", "--finish", back["restore_id"], "--yes"});
  EXPECT_EQ(finished["deleted_volumes"].size(), 3U);
}

TEST_F(PeerRestore, CopiesToAnotherRegion) {
  const std::vector<std::string> to_ireland{"copy", "--to-region", "eu-west-1"};
  const auto copied = summary_of(to_ireland);
  EXPECT_EQ(copied["copies"][0]["result"], "copied");
  EXPECT_EQ(copied["copies"][0]["snapshots"].size(), 3U);
  EXPECT_EQ(summary_of(to_ireland)["copies"][0]["result"], "was_there");
  const auto list = messages_in(pitstop({"list", "--region", "eu-west-1"}).output);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["backup_id"], backup);
  EXPECT_EQ(list[0]["state"], "complete");
  EXPECT_EQ(list[0]["copied_from"]["region"], "us-east-1");
  const auto made_there = summary_of(
      {"restore", backup, "--volumes-only", "--zone", "eu-west-1a", "--region", "eu-west-1"});
  EXPECT_EQ(made_there["volumes"].size(), 3U);
}

TEST_F(PeerRestore, PrunesWhatNoRuleKeeps) {
  const auto newest = back_up();
  const auto summary = summary_of({"prune", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(summary["removed"], 1);
  EXPECT_EQ(backups(), std::vector{newest});
}

}  // namespace
}  // namespace pitstop::test
