// `pitstop restore`, over what `pitstop backup` left in the simulated EC2, held against its truth.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/packing.hpp"
#include "command_bench.hpp"
#include "sim/cloud/addresses.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/volumes.hpp"
#include "sites_bench.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

sim::Scenario a_web_server() {
  sim::Scenario scenario;
  sim::ServerPlan server;
  server.name = "web";
  server.region = "us-east-1";
  server.tags = {{"Name", "web"}, {"team", "shop"}};
  server.boot_mode = "uefi";
  server.elastic_ip = true;
  server.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
  server.volumes.back().device = "/dev/sdf";
  server.volumes.back().size_gib = 20;
  server.volumes.back().used_gib = 20;
  server.volumes.back().snapshot_pace.jumping = 0;
  server.volumes.back().type = "io2";
  server.volumes.back().delete_on_termination = false;
  server.volumes.back().tags = {{"disk", "data"}};
  scenario.servers.push_back(server);
  return scenario;
}

class RestoreCommand : public testing::Test {
 protected:
  explicit RestoreCommand(const sim::Scenario& scenario = a_web_server()) {
    bench.add_account(SitesBench::own_account, scenario);
    old_server = region().instances.begin()->first;
    for (auto& [id, volume] : region().volumes) {
      if (volume.type == "io2") {
        volume.iops = 1000;
      }
    }
  }

  sim::Region& region() { return bench.account(SitesBench::own_account).region("us-east-1"); }
  sim::Instance& instance(const InstanceId& id) { return region().instances.at(id); }

  std::string back_up(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"backup", old_server.str(), "--output", "json"});
    const auto result = bench.run(more);
    EXPECT_EQ(result.status, 0) << result.output;
    return messages_in(result.output).back()["backups"][0]["backup_id"];
  }

  CommandResult restore(const std::string& backup, std::vector<std::string> how) {
    how.insert(how.begin(), {"restore", backup, "--yes"});
    return bench.run(how);
  }

  /// The summary of a restore that succeeds.
  json restored(const std::string& backup, std::vector<std::string> how) {
    how.insert(how.end(), {"--output", "json"});
    const auto result = restore(backup, std::move(how));
    EXPECT_EQ(result.status, 0) << result.output;
    return messages_in(result.output).back();
  }

  /// What is on the volume is what the snapshot caught, but for what mounting writes.
  void expect_contents(const json& volume, std::uint64_t written_since) {
    const auto& made = region().volumes.at(VolumeId(volume["volume_id"].get<std::string>()));
    const SnapshotId id(volume["snapshot_id"].get<std::string>());
    const auto& caught = region().snapshots.at(id).caught;
    EXPECT_EQ(made.made_from, id);
    EXPECT_EQ(made.contents.lineage, caught.lineage);
    EXPECT_EQ(made.contents.writes, caught.writes + written_since);
  }

  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }

  InstanceId old_server;
  SitesBench bench;
};

TEST_F(RestoreCommand, Helps) {
  CommandBench help;
  help.expect_help({"restore", "--help"}, "cli/golden/restore_help.txt");
}

TEST_F(RestoreCommand, MakesAServerThatIsWhatTheOtherWas) {
  auto& old = instance(old_server);
  old.settings.source_dest_check = false;
  old.settings.key_name = "ops";
  old.settings.termination_protection = true;
  old.settings.metadata_hop_limit = 3;
  old.settings.user_data = base64("#!/bin/sh");
  old.settings.threads_per_core = 1;
  const auto backup = back_up();
  const auto summary = restored(backup, {"--new"});
  const InstanceId id(summary["instance_id"].get<std::string>());
  const auto& made = instance(id);
  const auto& settings = made.settings;
  const auto& was = instance(old_server).settings;
  EXPECT_EQ(made.state(), sim::InstanceState::running);
  EXPECT_TRUE(summary["checks_passed"]);
  for (const auto field :
       {&sim::InstanceSettings::type, &sim::InstanceSettings::zone, &sim::InstanceSettings::subnet,
        &sim::InstanceSettings::key_name, &sim::InstanceSettings::user_data,
        &sim::InstanceSettings::architecture, &sim::InstanceSettings::virtualization,
        &sim::InstanceSettings::boot_mode, &sim::InstanceSettings::uefi_data,
        &sim::InstanceSettings::platform_details, &sim::InstanceSettings::root_device_name,
        &sim::InstanceSettings::metadata_http_tokens, &sim::InstanceSettings::shutdown_behavior}) {
    EXPECT_EQ(settings.*field, was.*field);
  }
  EXPECT_EQ(settings.security_groups, was.security_groups);
  EXPECT_EQ(settings.metadata_hop_limit, 3);
  EXPECT_EQ(settings.threads_per_core, 1);
  EXPECT_TRUE(settings.ena_support);
  EXPECT_TRUE(settings.termination_protection);
  EXPECT_FALSE(settings.source_dest_check);
  EXPECT_EQ(made.tags.at("Name"), "web");
  EXPECT_EQ(made.tags.at("team"), "shop");
  EXPECT_EQ(made.tags.at("pitstop:restored-from"), backup);
}

TEST_F(RestoreCommand, GivesItEveryVolumeAsItWas) {
  const auto backup = back_up();
  const auto summary = restored(backup, {"--new", "--no-wait"});
  ASSERT_EQ(summary["volumes"].size(), 2U);
  std::map<std::string, const sim::Volume*> by_device;
  const InstanceId id(summary["instance_id"].get<std::string>());
  std::map<std::string, bool> goes;
  for (const auto& attachment : instance(id).attachments) {
    by_device[attachment.device] = &region().volumes.at(attachment.volume);
    goes[attachment.device] = attachment.delete_on_termination;
  }
  for (const auto& volume : summary["volumes"]) {
    EXPECT_EQ(volume["volume_id"], by_device.at(volume["device"])->id.str());
  }
  EXPECT_EQ(by_device.at("/dev/sdf")->type, "io2");
  EXPECT_EQ(by_device.at("/dev/sdf")->size_gib, 20);
  EXPECT_EQ(by_device.at("/dev/sdf")->tags.at("disk"), "data");
  EXPECT_EQ(by_device.at("/dev/sdf")->tags.at("Name"), "web");
  EXPECT_TRUE(goes.at("/dev/xvda"));
  EXPECT_FALSE(goes.at("/dev/sdf"));
  EXPECT_FALSE(summary["checks_passed"]);
}

/// Whatever their answers say, what they made is found and used.
TEST_F(RestoreCommand, BelievesNoErrorAgainstWhatEc2Shows) {
  const auto backup = back_up();
  for (const auto* action : {"RunInstances", "RegisterImage", "CreateVolume"}) {
    for (const auto* code : {"ValidationError", "OptInRequired", "NobodyKnowsThisCode"}) {
      SCOPED_TRACE(std::string(action) + ' ' + code);
      const auto servers = region().instances.size();
      const auto volumes = region().volumes.size();
      bench.faults = sim::Faults(
          {.scripted = {{.action = action, .kind = sim::FaultKind::false_refusal, .code = code}},
           .random = {}},
          1);
      const bool is_server = std::string_view(action) != "CreateVolume";
      if (is_server) {
        restored(backup, {"--new", "--no-wait"});
      } else {
        restored(backup, {"--volumes-only"});
      }
      EXPECT_THAT(bench.faults.unused(), IsEmpty());
      EXPECT_EQ(region().instances.size(), servers + (is_server ? 1 : 0));
      EXPECT_EQ(region().volumes.size(), volumes + 2);
    }
  }
}

/// What is answered so says that it failed, or did no harm: never is anything made twice.
TEST_F(RestoreCommand, SaysWhatItCouldNotConfirm) {
  const auto backup = back_up();
  for (const auto* action : {"AssociateAddress", "DeregisterImage"}) {
    SCOPED_TRACE(action);
    const auto servers = region().instances.size();
    bench.faults = sim::Faults(
        {.scripted = {{.action = action, .kind = sim::FaultKind::false_refusal}}, .random = {}}, 1);
    const auto result = restore(backup, {"--new", "--no-wait", "--move-elastic-ip"});
    EXPECT_THAT(bench.faults.unused(), IsEmpty());
    EXPECT_NE(result.status, 0);
    EXPECT_THAT(result.output + result.diagnostics, HasSubstr("ValidationError"));
    EXPECT_EQ(region().instances.size(), servers + 1);
  }
}

TEST_F(RestoreCommand, BringsBackWhatTheSnapshotsCaught) {
  const auto backup = back_up();
  pass(std::chrono::hours(1));
  const auto summary = restored(backup, {"--volumes-only"});
  for (const auto& volume : summary["volumes"]) {
    expect_contents(volume, 0);
  }
  // A server mounts its volumes, and goes on writing.
  const auto server = restored(backup, {"--new", "--no-wait"});
  for (const auto& volume : server["volumes"]) {
    const auto& made = region().volumes.at(VolumeId(volume["volume_id"].get<std::string>()));
    const auto& caught =
        region().snapshots.at(SnapshotId(volume["snapshot_id"].get<std::string>())).caught;
    EXPECT_EQ(made.contents.lineage, caught.lineage);
    EXPECT_GT(made.contents.writes, caught.writes);
  }
}

TEST_F(RestoreCommand, LeavesNoImageAndTouchesNothingOfTheOldServer) {
  const auto backup = back_up();
  const auto before = instance(old_server).history.size();
  restored(backup, {"--new"});
  for (const auto& [id, image] : region().images) {
    EXPECT_TRUE(image.deregistered) << id.str();
  }
  EXPECT_EQ(instance(old_server).history.size(), before);
  EXPECT_NE(sim::address_of(region(), old_server), nullptr);
}

TEST_F(RestoreCommand, LeavesTheImageIfItIsWanted) {
  const auto summary = restored(back_up(), {"--new", "--keep-image"});
  const auto& image = region().images.at(ImageId(summary["image_id"].get<std::string>()));
  EXPECT_FALSE(image.deregistered);
}

TEST_F(RestoreCommand, WorksWhenTheServerIsGone) {
  const auto backup = back_up();
  ASSERT_TRUE(sim::terminate_instances(region(), {old_server}));
  pass(std::chrono::hours(2));
  const auto result = restore(backup, {"--new", "--keep-private-ip", "--move-elastic-ip"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, ContainsRegex("takes the Elastic IP [0-9.]+\n"));
  EXPECT_THAT(result.output, HasSubstr("not as it was: its user data, if it had any"));
  EXPECT_THAT(result.output, HasSubstr("not as it was: its UEFI variables"));
  EXPECT_THAT(result.output,
              HasSubstr("private address " + instance(old_server).settings.private_ip));
}

TEST_F(RestoreCommand, TakesWhatIsToBeOtherThanItWas) {
  const auto backup = back_up();
  bench.variables["HOME"] = bench.state.path().string();
  const auto file = bench.state.path() / "user-data";
  std::ofstream(file) << "#cloud-config\n";
  const auto summary =
      restored(backup, {"--new", "--type", "t3.medium", "--zone", "us-east-1b", "--name", "web-new",
                        "--set-tag", "team=lab", "--user-data", file.string(), "--key-name",
                        "other", "--move-elastic-ip", "--initialize-rate", "200"});
  const InstanceId id(summary["instance_id"].get<std::string>());
  const auto& made = instance(id);
  EXPECT_EQ(made.settings.type, "t3.medium");
  EXPECT_EQ(made.settings.zone, "us-east-1b");
  EXPECT_EQ(made.settings.key_name, "other");
  EXPECT_EQ(made.settings.user_data, base64("#cloud-config\n"));
  EXPECT_EQ(made.tags.at("Name"), "web-new");
  EXPECT_EQ(made.tags.at("team"), "lab");
  EXPECT_EQ(sim::address_of(region(), old_server), nullptr);
  EXPECT_EQ(summary["public_ip"], sim::address_of(region(), id)->public_ip);
}

TEST_F(RestoreCommand, OfAnImageStartsFromIt) {
  const auto backup = back_up({"--method", "image"});
  const auto summary = restored(backup, {"--new"});
  const InstanceId id(summary["instance_id"].get<std::string>());
  EXPECT_EQ(summary["image_id"], instance(id).settings.image.str());
  EXPECT_EQ(region().images.size(), 1U);
  EXPECT_FALSE(region().images.begin()->second.deregistered);
}

TEST_F(RestoreCommand, AttachesVolumesWhereThereIsRoom) {
  const auto backup = back_up();
  const auto summary = restored(backup, {"--volumes-only", "--attach-to", old_server.str()});
  std::vector<std::string> devices;
  for (const auto& volume : summary["volumes"]) {
    devices.push_back(volume["device"]);
    const VolumeId id(volume["volume_id"].get<std::string>());
    EXPECT_NE(instance(old_server).find(id), nullptr);
  }
  EXPECT_THAT(devices, testing::UnorderedElementsAre("/dev/sdg", "/dev/sdh"));
}

TEST_F(RestoreCommand, ADryRunMakesNothing) {
  const auto backup = back_up();
  const auto volumes = region().volumes.size();
  const auto servers = region().instances.size();
  const auto result = restore(backup, {"--new", "--dry-run"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, ContainsRegex("web \\(i-[0-9a-f]+\\), backup " + backup +
                                           " of 2026-01-01 [0-9:]+ UTC, at-rest, becomes a new "
                                           "server:\n  t3.large in subnet-[0-9a-f]+, of an image "
                                           "of its snapshots\n"));
  EXPECT_THAT(result.output, ContainsRegex("/dev/sdf +snap-[0-9a-f]+ +20 GiB +io2, [0-9]+ IOPS"));
  EXPECT_THAT(result.output, HasSubstr("not as it was: the public address"));
  EXPECT_EQ(region().volumes.size(), volumes);
  EXPECT_EQ(region().instances.size(), servers);
  EXPECT_THAT(region().images, IsEmpty());
}

TEST_F(RestoreCommand, HasAnImageOfItsOwn) {
  const auto backup = back_up();
  bench.run_until("RunInstances", {"restore", backup, "--new", "--yes"});
  ASSERT_EQ(region().images.size(), 1U);
  restored(backup, {"--new"});
  EXPECT_EQ(region().images.size(), 2U);
  EXPECT_EQ(std::ranges::count_if(region().images,
                                  [](const auto& each) { return !each.second.deregistered; }),
            1)
      << "pitstop prune removes what a lost restore has left";
}

TEST_F(RestoreCommand, WorksAgainAtOnce) {
  const auto backup = back_up();
  restored(backup, {"--new"});
  // EC2 keeps the name of an image for some time after the image is gone.
  restored(backup, {"--new"});
  EXPECT_EQ(region().images.size(), 2U);
}

TEST_F(RestoreCommand, TakesTheImageWhoseRegistrationWasLost) {
  const auto backup = back_up();
  bench.faults = sim::Faults(
      {.scripted = {{.action = "RegisterImage", .kind = sim::FaultKind::lost_reply}}, .random = {}},
      1);
  const auto result = restore(backup, {"--new"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(region().images.size(), 1U);
  EXPECT_TRUE(region().images.begin()->second.deregistered);
}

TEST_F(RestoreCommand, SaysThatAServerWasRestoredBefore) {
  const auto backup = back_up();
  const auto summary = restored(backup, {"--new"});
  const auto result = restore(backup, {"--new", "--dry-run"});
  EXPECT_THAT(result.output, HasSubstr("note: " + summary["instance_id"].get<std::string>() +
                                       " was restored from the same backup"));
}

TEST_F(RestoreCommand, RestoresEveryOptionThatALaunchTakes) {
  auto& was = instance(old_server).settings;
  was.metadata_ipv6 = "enabled";
  was.auto_recovery = "disabled";
  was.cpu_credits = "standard";
  was.hostname_type = "resource-name";
  was.dns_a_record = true;
  was.bandwidth_weighting = "vpc-1";
  was.capacity_preference = "none";
  was.placement_group = "rows";
  was.partition = 3;
  was.licenses = {"arn:aws:license-manager:us-east-1:111111111111:license-configuration:lic-1"};
  region().placement_groups = {{"rows", "partition"}};
  const auto summary = restored(back_up(), {"--new"});
  const auto& made = instance(InstanceId(summary["instance_id"].get<std::string>())).settings;
  EXPECT_EQ(made.metadata_ipv6, "enabled");
  EXPECT_EQ(made.auto_recovery, "disabled");
  EXPECT_EQ(made.cpu_credits, "standard");
  EXPECT_EQ(made.hostname_type, "resource-name");
  EXPECT_TRUE(made.dns_a_record);
  EXPECT_EQ(made.bandwidth_weighting, "vpc-1");
  EXPECT_EQ(made.capacity_preference, "none");
  EXPECT_EQ(made.placement_group, "rows");
  EXPECT_EQ(made.partition, 3);
  EXPECT_EQ(made.licenses, instance(old_server).settings.licenses);
}

TEST_F(RestoreCommand, GivesItAsManyAddressesAndTellsThatTheyAreOthers) {
  auto& was = instance(old_server).settings;
  was.secondary_ips = {"172.31.7.7", "172.31.7.8"};
  was.ipv6_addresses = {"2600:1f18::beef"};
  const auto backup = back_up();
  const auto plan = restore(backup, {"--new", "--dry-run"});
  EXPECT_THAT(plan.output, HasSubstr("not as it was: the secondary private addresses 172.31.7.7, "
                                     "172.31.7.8: others, as many (--keep-private-ip)\n"));
  EXPECT_THAT(plan.output, HasSubstr("not as it was: the IPv6 address 2600:1f18::beef: others"));
  const auto summary = restored(backup, {"--new"});
  const auto& made = instance(InstanceId(summary["instance_id"].get<std::string>())).settings;
  EXPECT_EQ(made.secondary_ips.size(), 2U);
  EXPECT_EQ(made.ipv6_addresses.size(), 1U);
  EXPECT_NE(made.ipv6_addresses, instance(old_server).settings.ipv6_addresses);
  EXPECT_EQ(made.security_groups, instance(old_server).settings.security_groups);
}

TEST_F(RestoreCommand, KeepsTheAddressesOfAServerThatIsGone) {
  auto& was = instance(old_server).settings;
  was.secondary_ips = {"172.31.7.7"};
  was.ipv6_addresses = {"2600:1f18::beef"};
  const auto backup = back_up();
  ASSERT_TRUE(sim::terminate_instances(region(), {old_server}));
  pass(std::chrono::hours(2));
  const auto summary = restored(backup, {"--new", "--keep-private-ip"});
  const auto& made = instance(InstanceId(summary["instance_id"].get<std::string>())).settings;
  EXPECT_EQ(made.private_ip, instance(old_server).settings.private_ip);
  EXPECT_EQ(made.secondary_ips, (std::vector<std::string>{"172.31.7.7"}));
  EXPECT_EQ(made.ipv6_addresses, (std::vector<std::string>{"2600:1f18::beef"}));
}

TEST_F(RestoreCommand, WorksForAServerWhoseRootDeviceIsMappedByAnotherName) {
  auto& old = instance(old_server);
  old.settings.root_device_name = "/dev/sda1";
  for (auto& attachment : old.attachments) {
    attachment.device = attachment.device == "/dev/xvda" ? "/dev/sda" : attachment.device;
  }
  const auto backup = back_up();
  const auto summary = restored(backup, {"--new"});
  const auto& made = instance(InstanceId(summary["instance_id"].get<std::string>()));
  EXPECT_EQ(made.attachments.size(), 2U);
  const auto in_place = restored(backup, {"--in-place", old_server.str()});
  EXPECT_EQ(in_place["volumes_are"], "new");
  EXPECT_EQ(instance(old_server).state(), sim::InstanceState::running);
}

TEST_F(RestoreCommand, SaysThatTheOriginalGoesOn) {
  const auto backup = back_up();
  const auto running = restore(backup, {"--new", "--dry-run"});
  EXPECT_THAT(running.output,
              HasSubstr("  note: " + old_server.str() +
                        " goes on running: the new server has its Name, its tags and its data, and "
                        "AWS bills both\n"));
  EXPECT_THAT(running.output, HasSubstr("policies that select by tags, or all servers, pass over"));
  ASSERT_TRUE(sim::stop_instances(region(), {old_server}, sim::StopManner::orderly));
  pass(std::chrono::hours(1));
  const auto stopped = restore(backup, {"--new", "--dry-run"});
  EXPECT_THAT(stopped.output, HasSubstr("is still there (stopped)"));
  ASSERT_TRUE(sim::terminate_instances(region(), {old_server}));
  pass(std::chrono::hours(1));
  const auto gone = restore(backup, {"--new", "--dry-run"});
  EXPECT_THAT(gone.output, testing::Not(HasSubstr("AWS bills both")));
}

TEST_F(RestoreCommand, AsksBeforeItLaunches) {
  const auto backup = back_up();
  const auto nobody = bench.run({"restore", backup, "--new"});
  EXPECT_EQ(nobody.status, 2);
  EXPECT_THAT(nobody.diagnostics, HasSubstr("a new server is to be launched, and no terminal"));
  EXPECT_THAT(nobody.diagnostics, HasSubstr("HINT: add --yes to confirm"));
  bench.answer = false;
  EXPECT_EQ(bench.run({"restore", backup, "--new"}).status, 1);
  EXPECT_THAT(bench.questions,
              testing::ElementsAre("Launch a new server like " + old_server.str() + "? [y/N] "));
  EXPECT_EQ(region().instances.size(), 1U);
  EXPECT_THAT(region().images, IsEmpty());
  bench.answer = true;
  EXPECT_EQ(bench.run({"restore", backup, "--new"}).status, 0);
  EXPECT_EQ(region().instances.size(), 2U);
}

TEST_F(RestoreCommand, LeavesOutTheTagThatPoliciesPassOverIfItIsAdopted) {
  const auto summary = restored(back_up(), {"--new", "--adopt"});
  const auto& tags = instance(InstanceId(summary["instance_id"].get<std::string>())).tags;
  EXPECT_FALSE(tags.contains("pitstop:restored-from"));
  EXPECT_EQ(tags.at("pitstop:restore"), summary["restore_id"].get<std::string>());
}

TEST_F(RestoreCommand, AServerThatLacksAVolumeIsAFailure) {
  const auto backup = back_up();
  bench.on_call = [&](const std::string& action) {
    if (action == "RunInstances") {
      auto& image = region().images.begin()->second;
      std::erase_if(image.volumes, [](const auto& volume) { return volume.device == "/dev/sdf"; });
    }
  };
  const auto result = restore(backup, {"--new"});
  EXPECT_EQ(result.status, 1) << result.output;
  EXPECT_THAT(result.diagnostics,
              ContainsRegex("error: i-[0-9a-f]+ is not what was planned: it has "
                            "no volume at /dev/sdf\n"));
  EXPECT_THAT(result.diagnostics, HasSubstr("HINT: do not rely on it"));
}

TEST_F(RestoreCommand, AVolumeThatIsNotAsItWasIsAFailure) {
  const auto backup = back_up({"--method", "image"});
  for (auto& volume : region().images.begin()->second.volumes) {
    if (volume.device == "/dev/sdf") {
      volume.type = "gp3";
      volume.iops = 3000;
    }
  }
  const auto result = restore(backup, {"--new", "--no-wait"});
  EXPECT_EQ(result.status, 1) << result.output;
  EXPECT_THAT(result.diagnostics, ContainsRegex("the volume at /dev/sdf \\(vol-[0-9a-f]+\\) is of "
                                                "the type gp3, and not io2"));
}

TEST_F(RestoreCommand, MakesAMultiAttachVolumeMultiAttachAgain) {
  for (auto& [id, volume] : region().volumes) {
    volume.multi_attach = volume.type == "io2";
  }
  const auto backup = back_up();
  const auto summary = restored(backup, {"--volumes-only"});
  for (const auto& volume : summary["volumes"]) {
    const auto& made = region().volumes.at(VolumeId(volume["volume_id"].get<std::string>()));
    EXPECT_EQ(made.multi_attach, made.type == "io2");
  }
  const auto plan = restore(backup, {"--new", "--dry-run"});
  EXPECT_THAT(plan.output, HasSubstr("not as it was: Multi-Attach of the volume at /dev/sdf"));
}

TEST_F(RestoreCommand, AVolumeKeepsItsOwnName) {
  for (auto& [id, volume] : region().volumes) {
    if (volume.type == "io2") {
      volume.tags["Name"] = "the shop's data";
    }
  }
  const auto backup = back_up();
  for (const auto& [id, snapshot] : region().snapshots) {
    EXPECT_EQ(snapshot.tags.at("Name"), snapshot.size_gib == 20 ? "the shop's data" : "web");
  }
  const auto listed = messages_in(bench.run({"list", "--output", "json"}).output).front();
  EXPECT_EQ(listed["name"], "web");
  for (const std::string how : {"--new", "--volumes-only"}) {
    const auto summary = restored(backup, {how});
    for (const auto& volume : summary["volumes"]) {
      const auto& made = region().volumes.at(VolumeId(volume["volume_id"].get<std::string>()));
      EXPECT_EQ(made.tags.at("Name"), made.type == "io2" ? "the shop's data" : "web") << how;
    }
  }
}

TEST_F(RestoreCommand, AttachesNoMoreThanTheTypeOfTheServerTakes) {
  const auto backup = back_up();
  // 2 volumes, 24 others and the network interface leave room for 1 of 28.
  for (char letter = 'a'; letter <= 'x'; ++letter) {
    const auto extra = *sim::create_volume(region(), {}, instance(old_server).settings.zone,
                                           std::string(1, letter));
    ASSERT_TRUE(
        sim::attach_volume(region(), extra, old_server, fmt::format("/dev/xvdc{}", letter)));
  }
  const auto before = region().volumes.size();
  const auto result = restore(backup, {"--volumes-only", "--attach-to", old_server.str()});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, HasSubstr("is of the type t3.large and can have 1 more volume; "
                                            "these are 2"));
  EXPECT_EQ(region().volumes.size(), before);
}

TEST_F(RestoreCommand, VolumesAreKnownUntilTheyAreFinished) {
  const auto backup = back_up();
  const auto summary = restored(backup, {"--volumes-only", "--attach-to", old_server.str()});
  const std::string id = summary["restore_id"];
  const auto listed = messages_in(bench.run({"list", "--restores", "--output", "json"}).output);
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed.front()["restore_id"], id);
  EXPECT_EQ(listed.front()["kind"], "volumes");
  EXPECT_EQ(listed.front()["volumes"].size(), 2U);
  const auto attached = bench.run({"restore", "--finish", id, "--yes"});
  EXPECT_EQ(attached.status, 1);
  EXPECT_THAT(attached.diagnostics, ContainsRegex("vol-[0-9a-f]+ is attached to " +
                                                  old_server.str() + " \\(/dev/sd[gh]\\)"));
  EXPECT_THAT(attached.diagnostics, HasSubstr("aws ec2 detach-volume --volume-id vol-"));
  for (const auto& volume : summary["volumes"]) {
    const VolumeId made(volume["volume_id"].get<std::string>());
    ASSERT_TRUE(sim::detach_volume(region(), made, old_server));
  }
  const auto finished = bench.run({"restore", "--finish", id, "--yes"});
  EXPECT_EQ(finished.status, 0) << finished.diagnostics;
  for (const auto& volume : summary["volumes"]) {
    EXPECT_TRUE(region().volumes.at(VolumeId(volume["volume_id"].get<std::string>())).deleted);
  }
  EXPECT_THAT(bench.run({"list", "--restores"}).output, HasSubstr("no restore has left anything"));
}

TEST_F(RestoreCommand, ABackupSaysThatItTakesVolumesOfARestoreAlong) {
  const auto backup = back_up();
  const auto summary = restored(backup, {"--volumes-only", "--attach-to", old_server.str()});
  const auto check = bench.run({"check", old_server.str()});
  for (const auto& volume : summary["volumes"]) {
    const std::string id = volume["volume_id"];
    EXPECT_THAT(check.output, HasSubstr("its volume " + id));
    EXPECT_THAT(check.output, HasSubstr("--exclude-volume " + id + " leaves it out"));
  }
}

TEST_F(RestoreCommand, ANewServerIsAdoptedWhenItsRestoreIsFinished) {
  const auto backup = back_up();
  const auto summary = restored(backup, {"--new"});
  const std::string id = summary["restore_id"];
  const InstanceId made(summary["instance_id"].get<std::string>());
  const auto shown = bench.run({"show", id});
  EXPECT_THAT(shown.output, HasSubstr("made the server web (" + made.str() +
                                      ") (running), which policies pass over"));
  bench.answer = true;
  const auto finished = bench.run({"restore", "--finish", id});
  EXPECT_EQ(finished.status, 0) << finished.diagnostics;
  EXPECT_EQ(bench.questions.back(), "Have policies back up " + made.str() + "? [y/N] ");
  EXPECT_THAT(finished.output, HasSubstr("policies back up " + made.str() + " from now on\n"));
  EXPECT_FALSE(instance(made).tags.contains("pitstop:restored-from"));
  EXPECT_EQ(instance(made).state(), sim::InstanceState::running);
  EXPECT_FALSE(
      region().volumes.at(VolumeId(summary["volumes"][0]["volume_id"].get<std::string>())).deleted);
}

/// Tags go by their value: whoever has changed it must not keep the server from being adopted.
TEST_F(RestoreCommand, ANewServerIsAdoptedWhateverItsTagSays) {
  const auto backup = back_up();
  const auto summary = restored(backup, {"--new"});
  const InstanceId made(summary["instance_id"].get<std::string>());
  instance(made).tags["pitstop:restored-from"] = "yesterday";
  EXPECT_EQ(bench.run({"restore", "--finish", summary["restore_id"], "--yes"}).status, 0);
  EXPECT_FALSE(instance(made).tags.contains("pitstop:restored-from"));
}

TEST_F(RestoreCommand, AnInterruptedOneIsFinishedByItsImage) {
  const auto backup = back_up();
  bench.run_until("RunInstances", {"restore", backup, "--new", "--yes"});
  const auto listed = messages_in(bench.run({"list", "--restores", "--output", "json"}).output);
  const std::string id = listed.front()["restore_id"];
  EXPECT_EQ(bench.run({"restore", "--finish", id, "--yes"}).status, 0);
  EXPECT_TRUE(region().images.begin()->second.deregistered);
}

TEST_F(RestoreCommand, WritesTheRecordsThatAreDocumented) {
  restored(back_up(), {"--new", "--keep-image"});
  const auto written = messages_in(bench.run({"list", "--restores", "--output", "json"}).output);
  int compared = 0;
  for (const auto& documented : documented_messages()) {
    if (documented["message_type"] == "restore_list") {
      ++compared;
      EXPECT_EQ(fields(written.back()), fields(documented));
    } else if (documented["message_type"] == "restore") {
      ++compared;
      for (const auto* field : {"servers", "volumes", "images"}) {
        EXPECT_EQ(fields(written.front()[field][0]), fields(documented[field][0])) << field;
      }
      for (const auto& [field, value] : documented.items()) {
        EXPECT_TRUE(written.front().contains(field)) << field;
      }
    }
  }
  EXPECT_EQ(compared, 2);
}

class RestoreOfALicensedServer : public RestoreCommand {
 protected:
  RestoreOfALicensedServer() : RestoreCommand(scenario()) {}

  static sim::Scenario scenario() {
    auto scenario = a_web_server();
    scenario.servers.front().platform = "Windows";
    scenario.servers.front().forgets_billing = true;
    return scenario;
  }
};

TEST_F(RestoreOfALicensedServer, IsRefusedIfItWouldBeBilledAsAnother) {
  const auto result = restore(back_up(), {"--new"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, HasSubstr("would be billed as Linux/UNIX (RunInstances), and the "
                                            "server was Windows (RunInstances:0002)"));
  EXPECT_THAT(result.diagnostics, HasSubstr("HINT: give its volumes to a server that is licensed"));
  EXPECT_EQ(region().instances.size(), 1U);
  EXPECT_TRUE(region().images.begin()->second.deregistered);
}

TEST_F(RestoreOfALicensedServer, WorksFromAnImage) {
  const auto summary = restored(back_up({"--method", "image"}), {"--new"});
  const InstanceId id(summary["instance_id"].get<std::string>());
  EXPECT_EQ(instance(id).settings.platform_details, "Windows");
}

/// What it called has to be in the policy that pitstop prints for it.
TEST_F(RestoreCommand, NeedsNoMoreThanItsPolicyHas) {
  const auto backup = back_up();
  const auto before = bench.account(SitesBench::own_account).all_calls();
  instance(old_server).settings.source_dest_check = false;
  restored(backup, {"--new", "--move-elastic-ip"});
  restored(backup, {"--volumes-only", "--attach-to", old_server.str()});
  restored(backup, {"--in-place", old_server.str(), "--yes"});
  const auto policy = bench.run({"iam-policy", "restore"}).output;
  for (const auto& [call, times] : bench.account(SitesBench::own_account).all_calls()) {
    const auto known = before.find(call);
    if ((known == before.end() || known->second < times) && !call.starts_with("DryRun ")) {
      EXPECT_THAT(policy, HasSubstr(":" + call + "\"")) << call;
    }
  }
}

TEST_F(RestoreCommand, RefusesWhatIsNotComplete) {
  const auto backup = back_up();
  const auto lost = std::ranges::find_if(
      region().snapshots, [](const auto& entry) { return entry.second.size_gib == 20; });
  lost->second.deleted = bench.time.now();
  const auto result = restore(backup, {"--new"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, ContainsRegex("error: " + backup +
                                                " is incomplete: vol-[0-9a-f]+ has no snapshot\n"
                                                "HINT: choose another one"));
  const auto some = restored(backup, {"--volumes-only", "--incomplete"});
  EXPECT_EQ(some["volumes"].size(), 1U);
}

TEST_F(RestoreCommand, RefusesABackupThatIsOnItsWay) {
  const auto backup = back_up({"--no-wait"});
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"--new"}, {"--volumes-only", "--incomplete"}}) {
    const auto result = restore(backup, how);
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.diagnostics, HasSubstr("is pending"));
  }
}

TEST_F(RestoreCommand, TellsWhatToDoWhenEc2DoesNotLaunchIt) {
  const auto backup = back_up();
  const auto result = restore(backup, {"--new", "--keep-private-ip"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, HasSubstr("no server was launched"));
  EXPECT_THAT(result.diagnostics, HasSubstr("HINT: another server has this private address"));
  EXPECT_TRUE(region().images.begin()->second.deregistered);
}

TEST_F(RestoreCommand, RefusesWhatMakesNoSense) {
  const auto expect = [&](std::vector<std::string> how, const std::string& message) {
    const auto result = restore("b-0123456789ab", std::move(how));
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.diagnostics, HasSubstr("error: " + message));
  };
  expect({}, "it is not said what is to be made of the backup");
  expect({"--new", "--volumes-only"}, "--new, --in-place and --volumes-only are different ways");
  expect({"--new", "--attach-to", old_server.str()}, "--attach-to and --incomplete are for");
  expect({"--new", "--initialize-rate", "99"}, "--initialize-rate \"99\" is no rate");
  expect({"--new", "--subnet", "subnet-1", "--zone", "us-east-1a"}, "--subnet and --zone are two");
  expect({"--new", "--user-data", "/nonexistent"}, "--user-data: \"/nonexistent\" cannot be read");
  EXPECT_EQ(bench.run({"restore", "web", "--new"}).status, 2);
  expect({"--volumes-only", "--adopt"}, "--adopt is for --new");
  const auto none = restore("b-0123456789ab", {"--new"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.diagnostics, HasSubstr("EC2 has no backup \"b-0123456789ab\""));
}

TEST_F(RestoreCommand, WritesTheMessagesThatAreDocumented) {
  const auto backup = back_up();
  const auto result = restore(backup, {"--new", "--output", "json", "--move-elastic-ip"});
  const auto written = messages_in(result.output);
  int compared = 0;
  for (const auto& documented : documented_messages()) {
    if (documented["message_type"] == "restore_plan" && documented["kind"] == "new_server") {
      ++compared;
      EXPECT_EQ(fields(written.front()), fields(documented));
    }
    if (documented.contains("checks_passed") && documented["kind"] == "new_server") {
      ++compared;
      EXPECT_EQ(fields(written.back()), fields(documented));
    }
  }
  EXPECT_EQ(compared, 2);
}

}  // namespace
}  // namespace pitstop::test
