// `pitstop restore --in-place`, `pitstop rollback` and `pitstop restore --finish`, held against the
// truth of the simulated EC2.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command_bench.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/volumes.hpp"
#include "sites_bench.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Devices = std::map<std::string, VolumeId>;

class InPlaceCommand : public testing::Test {
 protected:
  InPlaceCommand() {
    sim::Scenario scenario;
    sim::ServerPlan web;
    web.name = "web";
    web.region = "us-east-1";
    web.tags = {{"Name", "web"}};
    web.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
    web.volumes.back().device = "/dev/sdf";
    web.volumes.back().delete_on_termination = false;
    web.volumes.back().tags = {{"Name", "data of web"}, {"disk", "data"}};
    scenario.servers = {web};
    bench.add_account(SitesBench::own_account, scenario);
    server = region().instances.begin()->first;
    const auto result = bench.run({"backup", server.str(), "--output", "json"});
    backup = messages_in(result.output).back()["backups"][0]["backup_id"];
    before = devices();
    pass(std::chrono::hours(2));
  }

  sim::Region& region() { return bench.account(SitesBench::own_account).region("us-east-1"); }
  sim::Instance& instance() { return region().instances.at(server); }
  sim::Volume& volume(const VolumeId& id) { return region().volumes.at(id); }

  Devices devices() {
    Devices all;
    for (const auto& attachment : instance().attachments) {
      all[attachment.device] = attachment.volume;
    }
    return all;
  }

  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }

  json restore(std::vector<std::string> more = {}, int status = 0) {
    std::vector<std::string> arguments{"restore", backup,     "--in-place", server.str(),
                                       "--yes",   "--output", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, status) << result.output;
    return messages_in(result.output).back();
  }

  InstanceId server;
  std::string backup;
  Devices before;
  SitesBench bench;
};

TEST_F(InPlaceCommand, RollbackHelps) {
  CommandBench help;
  help.expect_help({"rollback", "--help"}, "cli/golden/rollback_help.txt");
}

TEST_F(InPlaceCommand, GivesTheServerTheVolumesOfTheBackup) {
  const auto address = instance().settings.private_ip;
  volume(before.at("/dev/xvda")).type = "io2";
  volume(before.at("/dev/xvda")).iops = 4000;
  const auto summary = restore();
  EXPECT_EQ(summary["volumes_are"], "new");
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
  EXPECT_EQ(instance().settings.private_ip, address);
  for (const auto& attachment : instance().attachments) {
    const auto& made = volume(attachment.volume);
    const auto& snapshot = region().snapshots.at(made.made_from);
    EXPECT_EQ(snapshot.tags.at("pitstop:backup"), backup);
    EXPECT_EQ(made.contents.lineage, before.at(attachment.device).str());
    EXPECT_EQ(attachment.delete_on_termination, attachment.device == "/dev/xvda");
    EXPECT_EQ(made.zone, instance().settings.zone);
  }
  EXPECT_EQ(volume(devices().at("/dev/xvda")).type, "io2");
  EXPECT_EQ(volume(devices().at("/dev/xvda")).iops, 4000);
  EXPECT_EQ(volume(devices().at("/dev/sdf")).tags.at("Name"), "data of web");
  EXPECT_EQ(volume(devices().at("/dev/sdf")).tags.at("disk"), "data");
}

TEST_F(InPlaceCommand, TakesABackupOfWhatIsThereFirst) {
  const auto summary = restore();
  const auto list = bench.run({"list", "--output", "json"});
  const auto newest = messages_in(list.output).front();
  EXPECT_EQ(newest["backup_id"], summary["safety_backup_id"]);
  EXPECT_EQ(newest["state"], "complete");
  EXPECT_EQ(newest["consistency"], "at-rest");
  const auto without = restore({"--no-safety-backup"});
  EXPECT_TRUE(without["safety_backup_id"].is_null());
  const auto report = messages_in(bench.run({"report", "--output", "json"}).output).back();
  EXPECT_EQ(report["backups"]["good"], 2) << "the first one, and that of before the restore";
}

TEST_F(InPlaceCommand, IsTakenBackByARollback) {
  const auto written = volume(before.at("/dev/sdf")).contents.lineage;
  const std::string id = restore()["restore_id"];
  const auto restored = devices();
  const auto result = bench.run({"rollback", id, "--yes"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output,
              HasSubstr("web (" + server.str() + "): has the volumes back that it had"));
  EXPECT_EQ(devices(), before);
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
  EXPECT_EQ(volume(before.at("/dev/sdf")).contents.lineage, written);
  for (const auto& [device, old] : before) {
    EXPECT_FALSE(volume(old).tags.contains("pitstop:replaced-by")) << device;
  }
  for (const auto& attachment : instance().attachments) {
    EXPECT_EQ(attachment.delete_on_termination, attachment.device == "/dev/xvda");
  }
  // What went out is kept, too, and the rollback can be taken back.
  for (const auto& [device, made] : restored) {
    EXPECT_FALSE(volume(made).deleted) << device;
  }
  const auto again = bench.run({"rollback", id, "--yes"});
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.diagnostics, HasSubstr("no volume says that \"" + id + "\" has replaced it"));
}

TEST_F(InPlaceCommand, DeletesTheOldVolumesWhenItIsFinished) {
  const std::string id = restore()["restore_id"];
  const auto asked = bench.run({"restore", "--finish", id});
  EXPECT_EQ(asked.status, 2);
  EXPECT_THAT(asked.diagnostics, ContainsRegex("this would delete vol-.*, and no terminal"));
  bench.answer = false;
  EXPECT_EQ(bench.run({"restore", "--finish", id}).status, 1);
  EXPECT_FALSE(volume(before.at("/dev/sdf")).deleted);
  bench.answer = true;
  const auto finished = bench.run({"restore", "--finish", id});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.output, HasSubstr(id + " cannot be taken back any more"));
  EXPECT_TRUE(volume(before.at("/dev/sdf")).deleted);
  EXPECT_TRUE(volume(before.at("/dev/xvda")).deleted);
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
}

TEST_F(InPlaceCommand, IsListedWithWhatItKeeps) {
  const std::string id = restore()["restore_id"];
  const auto list = bench.run({"list", "--restores"});
  EXPECT_EQ(list.status, 0) << list.diagnostics;
  EXPECT_THAT(list.output, ContainsRegex(id + "  in place  " + backup + " .*" + server.str() +
                                         "  2 +2 +16 GiB\n"));
  EXPECT_THAT(list.output, HasSubstr("16 GiB of volumes are attached to nothing, and AWS bills"));
  const auto shown = bench.run({"show", id});
  EXPECT_EQ(shown.status, 0) << shown.diagnostics;
  EXPECT_THAT(shown.output, HasSubstr(before.at("/dev/sdf").str() + "  replaced  8 GiB"));
  EXPECT_THAT(shown.output, HasSubstr("pitstop rollback " + id));
  EXPECT_THAT(shown.output, ContainsRegex("pitstop restore --finish " + id + ": delete vol-"));
  EXPECT_EQ(bench.run({"restore", "--finish", id, "--yes"}).status, 0);
  const auto after = messages_in(bench.run({"list", "--restores", "--output", "json"}).output);
  EXPECT_EQ(after.front()["restore_id"], id);
  EXPECT_EQ(after.back()["unused_gib"], 0);
}

TEST_F(InPlaceCommand, ARollbackIsListedAsOne) {
  const std::string id = restore()["restore_id"];
  const auto back = bench.run({"rollback", id, "--yes", "--output", "json"});
  const std::string rollback = messages_in(back.output).back()["restore_id"];
  const auto shown = messages_in(bench.run({"show", rollback, "--output", "json"}).output).front();
  EXPECT_EQ(shown["kind"], "rollback");
  EXPECT_EQ(shown["kept"].size(), 2U);
  EXPECT_EQ(shown["instance_id"], server.str());
}

TEST_F(InPlaceCommand, DropsThemAtOnceIfThatIsWanted) {
  const auto summary = restore({"--drop-old"});
  EXPECT_THAT(summary["kept"], IsEmpty());
  EXPECT_TRUE(volume(before.at("/dev/sdf")).deleted);
}

TEST_F(InPlaceCommand, SaysWhatWouldBeLost) {
  const auto result = bench.run({"restore", backup, "--in-place", server.str(), "--dry-run"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output,
              ContainsRegex("web \\(i-[0-9a-f]+\\) goes back to " + backup + " of 2026-01-01"));
  EXPECT_THAT(result.output, HasSubstr("in place of " + before.at("/dev/sdf").str()));
  EXPECT_THAT(result.output, HasSubstr("not as it was: what was written to /dev/sdf since then"));
  EXPECT_EQ(devices(), before);
  EXPECT_EQ(region().volumes.size(), 2U);
}

TEST_F(InPlaceCommand, SaysWhatHappensToTheServer) {
  const auto plan = [&](std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"restore", backup, "--in-place", server.str(), "--dry-run"});
    return bench.run(more).output;
  };
  EXPECT_THAT(plan(),
              ContainsRegex("  the server is stopped meanwhile: its last stop and start took "
                            "[0-9][^,]*, and the exchange adds some seconds\n"
                            "  a backup of what is there now is taken first\n"));
  EXPECT_THAT(plan({"--no-safety-backup"}), Not(HasSubstr("is taken first")));
  bench.variables["XDG_STATE_HOME"] = (bench.state.path() / "another").string();
  EXPECT_THAT(plan(), HasSubstr("for as long as its stop and its start take, and some seconds\n"));
  ASSERT_TRUE(sim::stop_instances(region(), {server}, sim::StopManner::orderly));
  pass(std::chrono::hours(1));
  EXPECT_THAT(plan(), HasSubstr("  the server is stopped, and stays so\n"));
}

TEST_F(InPlaceCommand, ADryRunHasNoId) {
  const auto text = bench.run({"restore", backup, "--in-place", server.str(), "--dry-run"}).output;
  EXPECT_THAT(text, Not(HasSubstr("rs-")));
  EXPECT_THAT(text, HasSubstr("pitstop rollback attaches them again"));
  const auto json =
      bench.run({"restore", backup, "--in-place", server.str(), "--dry-run", "--output", "json"});
  EXPECT_TRUE(messages_in(json.output).front()["restore_id"].is_null());
  const std::string id = restore()["restore_id"];
  const auto back = bench.run({"rollback", id, "--dry-run"});
  EXPECT_EQ(back.status, 0);
  EXPECT_THAT(back.output, Not(HasSubstr("rs-")));
}

TEST_F(InPlaceCommand, MakesAMultiAttachVolumeMultiAttachAgain) {
  auto& data = volume(before.at("/dev/sdf"));
  data.type = "io2";
  data.iops = 1000;
  data.multi_attach = true;
  restore();
  EXPECT_TRUE(volume(devices().at("/dev/sdf")).multi_attach);
  EXPECT_FALSE(volume(devices().at("/dev/xvda")).multi_attach);
}

TEST_F(InPlaceCommand, IsRefusedBeforeTheStopWhereTheTypeTakesNoMoreVolumes) {
  ASSERT_TRUE(sim::detach_volume(region(), before.at("/dev/sdf"), server));
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    const auto extra =
        *sim::create_volume(region(), {}, instance().settings.zone, std::string(1, letter));
    ASSERT_TRUE(sim::attach_volume(region(), extra, server, fmt::format("/dev/xvdc{}", letter)));
  }
  const auto history = instance().history.size();
  const auto result = bench.run({"restore", backup, "--in-place", server.str(), "--yes"});
  EXPECT_EQ(result.status, 10) << result.output;
  EXPECT_THAT(result.output + result.diagnostics,
              HasSubstr("can have 0 more volumes; the restore adds 1"));
  EXPECT_EQ(instance().history.size(), history);
}

TEST_F(InPlaceCommand, ARollbackToAnotherZoneIsRefused) {
  const std::string id = restore()["restore_id"];
  volume(before.at("/dev/sdf")).zone = "us-east-1b";
  const auto history = instance().history.size();
  const auto result = bench.run({"rollback", id, "--yes"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, HasSubstr("is in us-east-1b, and " + server.str()));
  EXPECT_EQ(instance().history.size(), history);
}

TEST_F(InPlaceCommand, LeavesAloneWhatIsNotInTheBackup) {
  const auto extra = *sim::create_volume(region(), {}, instance().settings.zone, "extra");
  ASSERT_TRUE(sim::attach_volume(region(), extra, server, "/dev/sdg"));
  const auto plan = bench.run({"restore", backup, "--in-place", server.str(), "--dry-run"});
  EXPECT_THAT(plan.output, HasSubstr("note: /dev/sdg (" + extra.str() +
                                     ") is not in the backup, and stays as it is"));
  restore();
  EXPECT_EQ(devices().at("/dev/sdg"), extra);
}

TEST_F(InPlaceCommand, AsksBeforeItStopsAnything) {
  const auto nobody = bench.run({"restore", backup, "--in-place", server.str()});
  EXPECT_EQ(nobody.status, 2);
  EXPECT_THAT(nobody.diagnostics, HasSubstr("volumes are to be exchanged, and nobody is here"));
  bench.answer = false;
  EXPECT_EQ(bench.run({"restore", backup, "--in-place", server.str()}).status, 1);
  EXPECT_THAT(bench.questions,
              ElementsAre("Stop it, exchange its volumes and start it again? [y/N] "));
  EXPECT_EQ(devices(), before);
}

TEST_F(InPlaceCommand, IsRefusedByTheCheckOfABackup) {
  instance().settings.stop_protection = true;
  const auto result = bench.run({"restore", backup, "--in-place", server.str(), "--yes"});
  EXPECT_EQ(result.status, 10) << result.output;
  EXPECT_EQ(devices(), before);
  EXPECT_EQ(region().volumes.size(), 2U);
}

TEST_F(InPlaceCommand, IsFinishedByRecoverWhenItWasKilled) {
  bench.run_until("AttachVolume", {"restore", backup, "--in-place", server.str(), "--yes"});
  EXPECT_NE(instance().state(), sim::InstanceState::running);
  const auto result = bench.run({"recover"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, ContainsRegex("changed: its volumes are exchanged \\(restore rs-"));
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
  for (const auto& [device, id] : devices()) {
    EXPECT_NE(id, before.at(device));
  }
}

/// There the journal knows nothing: by the tags alone no volume is touched.
TEST_F(InPlaceCommand, IsFinishedByAnotherHostOnlyWhenAPersonNamesIt) {
  bench.run_until("AttachVolume", {"restore", backup, "--in-place", server.str(), "--yes"});
  bench.variables["XDG_STATE_HOME"] = (bench.state.path() / "another-host").string();
  const auto half = devices();
  const auto held = bench.run({"recover"});
  EXPECT_EQ(held.status, 11) << held.diagnostics;
  EXPECT_THAT(held.diagnostics, HasSubstr("is DOWN: it is held by the run r-"));

  const auto down = bench.run({"recover", "--now"});
  EXPECT_EQ(down.status, 20) << down.diagnostics;
  EXPECT_THAT(down.diagnostics,
              HasSubstr("is DOWN: its volumes are replaced in part by the restore rs-"));
  EXPECT_EQ(devices(), half);
  EXPECT_EQ(bench.run({"backup", server.str()}).status, 11) << "it is not taken for one at rest";

  const std::string command = "pitstop recover --now --restore ";
  const auto named = down.diagnostics.find(command);
  ASSERT_NE(named, std::string::npos) << down.diagnostics;
  const auto id = down.diagnostics.substr(named + command.size(), 15);
  const auto finished = bench.run({"recover", "--now", "--restore", id});
  EXPECT_EQ(finished.status, 0) << finished.diagnostics;
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
  ASSERT_EQ(devices().size(), before.size());
  for (const auto& [device, volume_id] : devices()) {
    EXPECT_NE(volume_id, before.at(device));
  }
  EXPECT_FALSE(instance().tags.contains("pitstop:down"));
}

TEST_F(InPlaceCommand, IsForgottenByRecoverWhenNothingWasExchanged) {
  bench.run_until("StopInstances", {"restore", backup, "--in-place", server.str(), "--yes"});
  const auto result = bench.run({"recover"});
  EXPECT_THAT(result.output,
              ContainsRegex("changed: its volumes are what they were \\(restore rs-"));
  EXPECT_EQ(devices(), before);
  for (const auto& [id, each] : region().volumes) {
    EXPECT_TRUE(each.deleted || !each.attached_to.empty()) << id.str();
  }
}

TEST_F(InPlaceCommand, WritesTheMessagesThatAreDocumented) {
  const auto summary = restore();
  int compared = 0;
  for (const auto& documented : documented_messages()) {
    if (documented.contains("volumes_are") && documented["kind"] == "in_place") {
      ++compared;
      EXPECT_EQ(fields(summary), fields(documented));
    }
    if (documented["message_type"] == "finished") {
      ++compared;
      const auto finished =
          bench.run({"restore", "--finish", summary["restore_id"], "--yes", "--output", "json"});
      EXPECT_EQ(fields(messages_in(finished.output).back()), fields(documented));
    }
  }
  EXPECT_EQ(compared, 2);
}

TEST_F(InPlaceCommand, RefusesWhatMakesNoSense) {
  const auto expect = [&](std::vector<std::string> arguments, int status,
                          const std::string& message) {
    const auto result = bench.run(std::move(arguments));
    EXPECT_EQ(result.status, status);
    EXPECT_THAT(result.diagnostics, HasSubstr("error: " + message));
  };
  expect({"restore", backup, "--in-place", "web"}, 2, "\"web\" is not an instance id");
  expect({"restore", backup, "--in-place", "i-0123456789abcdef0"}, 1,
         "there is no server i-0123456789abcdef0");
  expect({"restore", backup, "--in-place", server.str(), "--new"}, 2, "--new, --in-place and");
  expect({"rollback", "b-0123456789ab"}, 2, "\"b-0123456789ab\" is not a restore");
  expect({"rollback", "rs-0123456789ab"}, 1, "no volume says that");
  expect({"restore", "--finish", "web"}, 2, "\"web\" is not a restore");
  expect({"restore", "--finish", "rs-0123456789ab"}, 1, "nothing is left of a restore");
  expect({"show", "rs-0123456789ab"}, 1, "nothing is left of a restore \"rs-0123456789ab\"");
}

}  // namespace
}  // namespace pitstop::test
