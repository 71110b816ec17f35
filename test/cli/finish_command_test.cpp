// `pitstop restore --finish`, where somebody who may only call CreateTags has put tags of a restore
// onto what is none of its, held against the truth of the simulated EC2.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "backup/swap.hpp"
#include "backup/tag_keys.hpp"
#include "prune_bench.hpp"
#include "restore/restore_plan.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/volumes.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;

class FinishCommand : public PruneCommand {
 protected:
  static constexpr auto data_device = "/dev/sdf";

  sim::Volume& volume(const VolumeId& id) { return region().volumes.at(id); }

  std::string newest_backup() { return present_snapshots().back()->tags.at("pitstop:backup"); }

  /// The summary of a restore of a backup.
  json restore(const std::string& backup, const std::vector<std::string>& how) {
    std::vector<std::string> arguments{"restore", backup, "--yes", "--output", "json"};
    arguments.insert(arguments.end(), how.begin(), how.end());
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 0) << result.output;
    return messages_in(result.output).back();
  }

  std::string restore_in_place(const std::vector<std::string>& more = {}) {
    std::vector<std::string> how{"--in-place", server("web").str()};
    how.insert(how.end(), more.begin(), more.end());
    const auto summary = restore(first_backup, how);
    replaced = volumes_in(summary, "kept");
    EXPECT_EQ(replaced.size(), 2U);
    return summary["restore_id"];
  }

  static std::vector<VolumeId> volumes_in(const json& summary, const char* field) {
    std::vector<VolumeId> ids;
    for (const auto& each : summary[field]) {
      ids.emplace_back(each["volume_id"].get<std::string>());
    }
    return ids;
  }

  void back_up_web(std::vector<std::string> more = {}) {
    back_up("web", std::move(more));
    first_backup = newest_backup();
  }

  /// Somebody works on the other server, and has its data volume detached.
  VolumeId detached_from_db() {
    for (const auto& attachment : region().instances.at(server("db")).attachments) {
      if (attachment.device == data_device) {
        const auto id = attachment.volume;
        EXPECT_TRUE(sim::detach_volume(region(), id, server("db")));
        return id;
      }
    }
    return VolumeId();
  }

  CommandResult finish(const std::string& restore, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"restore", "--finish", restore, "--yes"});
    return bench.run(more);
  }

  void expect_finished(const std::string& restore, std::vector<std::string> more = {}) {
    const auto result = finish(restore, std::move(more));
    EXPECT_EQ(result.status, 0) << result.diagnostics;
  }

  /// Names it, says what can be done, and does nothing.
  void expect_refused(const std::string& restore, const std::string& id,
                      const std::string& message) {
    const auto before = bench.account(SitesBench::own_account).all_calls();
    const auto result = finish(restore);
    EXPECT_EQ(result.status, 1) << result.output;
    EXPECT_THAT(result.diagnostics,
                HasSubstr(fmt::format("error: {} is not shown to have been {}", id, message)));
    EXPECT_THAT(result.diagnostics, HasSubstr("HINT: nothing was done; "));
    EXPECT_THAT(result.diagnostics, HasSubstr("aws ec2 delete-tags --resources " + id));
    for (const auto& [call, times] : bench.account(SitesBench::own_account).all_calls()) {
      const auto known = before.find(call);
      const bool was_called = known == before.end() || known->second < times;
      EXPECT_TRUE(!was_called || call.starts_with("Describe")) << call;
    }
  }

  std::string first_backup;
  std::vector<VolumeId> replaced;
};

TEST_F(FinishCommand, AVolumeThatIsSaidToBeReplacedStaysIfThereIsNoBackupOfIt) {
  back_up_web();
  const auto id = restore_in_place();
  const auto victim = detached_from_db();
  volume(victim).tags[replaced_by_tag_key] = id;
  expect_refused(id, victim.str(), "replaced by " + id + ": there is no completed backup of it");
  EXPECT_FALSE(volume(replaced.front()).deleted) << "nor is anything else done before";
  volume(victim).tags.erase(replaced_by_tag_key);
  expect_finished(id);
  EXPECT_TRUE(volume(replaced.front()).deleted);
  EXPECT_TRUE(volume(replaced.back()).deleted);
  EXPECT_FALSE(volume(victim).deleted);
}

TEST_F(FinishCommand, ASnapshotWithTheTagsOfABackupIsNone) {
  back_up_web();
  const auto id = restore_in_place();
  const auto victim = detached_from_db();
  volume(victim).tags[replaced_by_tag_key] = id;
  const sim::SnapshotSpecification by_hand{"nightly dump", present_snapshots().front()->tags};
  ASSERT_TRUE(sim::create_snapshot(region(), victim, by_hand));
  pass(std::chrono::hours(2));
  expect_refused(id, victim.str(), "replaced by " + id + ": there is no completed backup of it");
}

TEST_F(FinishCommand, AVolumeThatIsSaidToBeMadeStaysIfItDoesNotComeFromTheBackup) {
  back_up("db");
  const auto other = volumes_in(restore(newest_backup(), {"--volumes-only"}), "volumes");
  back_up_web();
  const auto summary = restore(first_backup, {"--volumes-only"});
  const std::string id = summary["restore_id"];
  const auto made = volumes_in(summary, "volumes");
  for (const auto& victim : {detached_from_db(), other.front()}) {
    auto& tags = volume(victim).tags;
    const auto before = tags;
    tags[restore_tag_key] = id;
    tags[restored_volume_tag_key] = id;
    tags[restored_from_tag_key] = first_backup;
    expect_refused(id, victim.str(), "made by " + id + ": ");
    EXPECT_FALSE(volume(made.front()).deleted);
    tags = before;
  }
  expect_finished(id);
  EXPECT_TRUE(volume(made.front()).deleted);
  EXPECT_TRUE(volume(made.back()).deleted);
  EXPECT_FALSE(volume(other.front()).deleted);
}

TEST_F(FinishCommand, ARestoreThatReplacesNothingDeletesNoReplacedVolume) {
  back_up("db");
  back_up_web();
  const auto victim = detached_from_db();
  for (const std::string how : {"--volumes-only", "--new"}) {
    const std::string id = restore(first_backup, {how})["restore_id"];
    volume(victim).tags[replaced_by_tag_key] = id;
    expect_refused(id, victim.str(), "replaced by " + id + ": that restore replaces no volumes");
    volume(victim).tags.erase(replaced_by_tag_key);
    expect_finished(id);
  }
  EXPECT_FALSE(volume(victim).deleted);
}

TEST_F(FinishCommand, WhatARollbackHasReplacedGoesByTheBackupThatItCameFrom) {
  back_up_web();
  const auto id = restore_in_place();
  const auto back = bench.run({"rollback", id, "--yes", "--output", "json"});
  const auto summary = messages_in(back.output).back();
  const std::string rollback = summary["restore_id"];
  const auto victim = detached_from_db();
  volume(victim).tags[replaced_by_tag_key] = rollback;
  expect_refused(rollback, victim.str(), "replaced by " + rollback);
  volume(victim).tags.erase(replaced_by_tag_key);
  expect_finished(rollback);
  for (const auto& made : volumes_in(summary, "kept")) {
    EXPECT_TRUE(volume(made).deleted);
  }
  EXPECT_FALSE(volume(victim).deleted);
}

TEST_F(FinishCommand, WithoutASafetyBackupThereMayBeNoneAndAPersonDecides) {
  back_up_web();
  const auto first = restore_in_place();
  const auto of_first = replaced;
  const auto second = restore_in_place({"--no-safety-backup"});
  expect_finished(first);
  EXPECT_TRUE(volume(of_first.front()).deleted);
  const auto result = finish(second);
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics,
              ContainsRegex("error: vol-[0-9a-f]+ is not shown to have been replaced by " + second +
                            ": there is no completed backup of it\n"
                            "HINT: nothing was done; if it is to go: aws ec2 delete-volume "
                            "--volume-id vol-[0-9a-f]+; if it is to stay: "));
  EXPECT_FALSE(volume(replaced.front()).deleted);
  for (const auto& old : replaced) {
    ASSERT_TRUE(sim::delete_volume(region(), old));
  }
  expect_finished(second);
}

TEST_F(FinishCommand, TheBackupThatIsRestoredIsOneOfTheOldVolumes) {
  back_up_web();
  const auto id = restore_in_place({"--no-safety-backup"});
  expect_finished(id);
  EXPECT_TRUE(volume(replaced.front()).deleted);
}

TEST_F(FinishCommand, BackupsThatAreImagesCount) {
  back_up_web({"--method", "image"});
  const auto id = restore_in_place({"--no-safety-backup"});
  expect_finished(id);
  EXPECT_TRUE(volume(replaced.front()).deleted);
  const auto summary = restore(first_backup, {"--volumes-only"});
  expect_finished(summary["restore_id"]);
  EXPECT_TRUE(volume(volumes_in(summary, "volumes").front()).deleted);
}

TEST_F(FinishCommand, VolumesOfACopiedBackupGo) {
  back_up_web();
  EXPECT_EQ(bench.run({"copy", "--to-region", "eu-west-1"}).status, 0);
  pass(std::chrono::hours(2));
  const auto summary =
      restore(first_backup, {"--volumes-only", "--zone", "eu-west-1a", "--region", "eu-west-1"});
  expect_finished(summary["restore_id"], {"--region", "eu-west-1"});
  auto& ireland = bench.account(SitesBench::own_account).region("eu-west-1");
  for (const auto& id : volumes_in(summary, "volumes")) {
    EXPECT_TRUE(ireland.volumes.at(id).deleted);
  }
}

TEST_F(FinishCommand, VolumesWhoseBackupIsGoneStay) {
  back_up_web();
  const auto summary = restore(first_backup, {"--volumes-only"});
  const std::string id = summary["restore_id"];
  back_up("web");
  pass(std::chrono::days(30));
  delete_all_but(1);
  const auto result = finish(id);
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, ContainsRegex("the snapshot snap-[0-9a-f]+ that it was created "
                                                "from is gone\nHINT: .* aws ec2 delete-volume"));
}

TEST_F(FinishCommand, AGoldenImageIsNotDeregistered) {
  back_up_web();
  bench.run_until("RunInstances", {"restore", first_backup, "--new", "--yes"});
  const auto image = region().images.begin()->first;
  const auto id = region().images.at(image).tags.at(restore_tag_key);
  const auto golden = image_on(*present_snapshots().front(), {{"Name", "golden"}});
  auto& tags = region().images.at(golden).tags;
  tags[restore_tag_key] = id;
  tags[restored_from_tag_key] = first_backup;
  expect_refused(id, golden.str(), "registered by " + id + ": its name is \"image on snap-");
  EXPECT_FALSE(region().images.at(image).deregistered);
  tags.erase(restore_tag_key);
  expect_finished(id);
  EXPECT_TRUE(region().images.at(image).deregistered);
  EXPECT_FALSE(region().images.at(golden).deregistered);
}

TEST_F(FinishCommand, AServerOfSomebodyElseIsNotAdopted) {
  back_up_web();
  const auto summary = restore(first_backup, {"--new"});
  const std::string id = summary["restore_id"];
  auto& tags = region().instances.at(server("db")).tags;
  tags[restore_tag_key] = id;
  tags[restored_from_tag_key] = first_backup;
  expect_refused(id, server("db").str(), "launched by " + id);
  const InstanceId made(summary["instance_id"].get<std::string>());
  EXPECT_TRUE(region().instances.at(made).tags.contains(restored_from_tag_key));
  tags.erase(restore_tag_key);
  expect_finished(id);
  EXPECT_FALSE(region().instances.at(made).tags.contains(restored_from_tag_key));
  EXPECT_TRUE(tags.contains(restored_from_tag_key));
}

TEST_F(FinishCommand, NeedsNoMoreThanItsPolicyHas) {
  back_up_web({"--method", "image"});
  const auto in_place = restore_in_place();
  const std::string new_server = restore(first_backup, {"--new"})["restore_id"];
  const std::string volumes = restore(first_backup, {"--volumes-only"})["restore_id"];
  const auto before = bench.account(SitesBench::own_account).all_calls();
  for (const auto& id : {in_place, new_server, volumes}) {
    expect_finished(id);
  }
  const auto policy = bench.run({"iam-policy", "restore"}).output;
  for (const auto& [call, times] : bench.account(SitesBench::own_account).all_calls()) {
    const auto known = before.find(call);
    if (known == before.end() || known->second < times) {
      EXPECT_THAT(policy, HasSubstr(":" + call + "\"")) << call;
    }
  }
}

}  // namespace
}  // namespace pitstop::test
