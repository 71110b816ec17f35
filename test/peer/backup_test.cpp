// `pitstop backup` against moto over real HTTP: the whole job.

#include <gmock/gmock.h>

#include "backup/captured_configuration.hpp"
#include "peer/peer.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PeerBackup : public PeerTest {};

TEST_F(PeerBackup, BacksUpAServerWithThreeVolumes) {
  const auto made = make_instance(moto().endpoint());
  const auto result = pitstop({"backup", made.id.str()});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_THAT(changes(),
              ElementsAre("CreateTags", "StopInstances", "CreateSnapshots", "StartInstances",
                          "DeleteTags", "CreateTags", "CreateTags", "CreateTags"));
  EXPECT_EQ(state_of(made.id), "running");

  const auto backup = first_backup(result);
  EXPECT_EQ(backup["instance_id"], made.id.str());
  EXPECT_EQ(backup["outcome"], "completed");
  EXPECT_EQ(backup["consistency"], "at-rest");
  EXPECT_EQ(backup["gate"], "progress");
  EXPECT_EQ(backup["snapshots"].size(), 3U);
  EXPECT_GT(backup["downtime_seconds"], 0.0);
  EXPECT_GT(backup["phases"]["stop_seconds"], 0.0);
  EXPECT_EQ(backup["api_calls"].get<int>() + 11,
            messages_in(result.output).back()["api_calls"].get<int>())
      << "one server: all calls but those for all: two select them, one looks for what interrupted "
         "runs have left, one for planned events and one for types, one for pending snapshots, two "
         "tag and untag it, three tag its snapshots";
}

TEST_F(PeerBackup, TagsCarryAllThatARestoreNeeds) {
  const auto made = make_instance(moto().endpoint());
  const auto result = pitstop({"backup", made.id.str(), "--set-tag", "kept-for=90d"});
  ASSERT_EQ(result.exit_status, 0) << result;
  const auto backup = first_backup(result);
  const auto tags = snapshot_tags(made.volumes[1]);
  EXPECT_EQ(tags.at("pitstop:backup"), backup["backup_id"].get<std::string>());
  EXPECT_EQ(tags.at("pitstop:run"), messages_in(result.output).back()["run_id"].get<std::string>());
  EXPECT_EQ(tags.at("pitstop:instance"), made.id.str());
  EXPECT_EQ(tags.at("pitstop:device"), "/dev/sdf");
  EXPECT_EQ(tags.at("pitstop:consistency"), "at-rest");
  EXPECT_TRUE(parse_rfc3339(tags.at("pitstop:created")).has_value());
  EXPECT_EQ(tags.at("Name"), "web-1");
  EXPECT_EQ(tags.at("kept-for"), "90d");

  ec2::Tags for_unpacking;
  for (const auto& [key, value] : tags) {
    for_unpacking.push_back({key, value});
  }
  const auto unpacked = unpack_configuration(for_unpacking);
  ASSERT_TRUE(unpacked.has_value());
  const auto configuration = nlohmann::json::parse(*unpacked);
  EXPECT_EQ(configuration["instance"], made.id.str());
  EXPECT_EQ(configuration["volumes"].size(), 3U);
  EXPECT_EQ(configuration["volumes"][1]["device"], "/dev/sdf");
  EXPECT_EQ(configuration["volumes"][1]["size_gib"], 150);
  EXPECT_EQ(configuration["tags"]["Name"], "web-1");
  EXPECT_EQ(configuration["options"]["shutdown_behavior"], "stop");
}

TEST_F(PeerBackup, MetacharactersInTagsSurviveTheRoundTrip) {
  const std::string nasty = R"(<a> & "b" 'c' $(touch /tmp/x) `id`; %41 + = ü 🏁 \n)";
  const auto made = make_instance(moto().endpoint(), {.name = nasty});
  aws_cli(moto().endpoint(), {"ec2", "create-tags", "--resources", made.volumes[0].str(), "--tags",
                              R"([{"Key":"<k> & 'q'","Value":"a=b&c;d"}])"});
  const auto result = pitstop({"backup", made.id.str(), "--set-tag", "set=" + nasty});
  ASSERT_EQ(result.exit_status, 0) << result;
  const auto tags = snapshot_tags(made.volumes[0]);
  EXPECT_EQ(tags.at("Name"), nasty);
  EXPECT_EQ(tags.at("set"), nasty);
  EXPECT_EQ(tags.at("<k> & 'q'"), "a=b&c;d");
}

TEST_F(PeerBackup, LeavesAStoppedServerStopped) {
  const auto made = make_instance(moto().endpoint());
  aws_cli(moto().endpoint(), {"ec2", "stop-instances", "--instance-ids", made.id.str()});
  const auto result = pitstop({"backup", made.id.str()});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_THAT(changes(), ElementsAre("CreateTags", "CreateSnapshots", "DeleteTags", "CreateTags",
                                     "CreateTags", "CreateTags"));
  EXPECT_EQ(server->count("StartInstances"), 0U);
  EXPECT_EQ(state_of(made.id), "stopped");
  EXPECT_TRUE(first_backup(result)["downtime_seconds"].is_null());
}

TEST_F(PeerBackup, ADryRunChangesNothing) {
  const auto made = make_instance(moto().endpoint());
  const auto result = pitstop({"backup", made.id.str(), "--dry-run"});
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_EQ(messages_in(result.output).front()["message_type"], "check");
  EXPECT_EQ(messages_in(result.output).front()["volumes"].size(), 3U);
}

TEST_F(PeerBackup, LeavesOutTheBootVolume) {
  const auto made = make_instance(moto().endpoint());
  const auto result = pitstop({"backup", made.id.str(), "--exclude-volume", made.volumes[0].str()});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(server->requests("CreateSnapshots")
                .back()
                .parameter("InstanceSpecification.ExcludeBootVolume"),
            "true");
  EXPECT_EQ(first_backup(result)["snapshots"].size(), 2U);
}

TEST_F(PeerBackup, TakesAVolumeThatIsAttachedToNothing) {
  const auto made = make_instance(moto().endpoint());
  const auto spare = aws_cli(moto().endpoint(), {"ec2", "create-volume", "--availability-zone",
                                                 "us-east-1a", "--size", "3"})["VolumeId"]
                         .get<std::string>();
  const auto result =
      pitstop({"backup", made.id.str(), "--data-volumes-unmounted", "--detached-volume", spare});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(server->count("StopInstances"), 0U);
  const auto backup = first_backup(result);
  EXPECT_EQ(backup["consistency"], "unmounted");
  EXPECT_EQ(backup["snapshots"].size(), 3U);
  EXPECT_EQ(snapshot_tags(VolumeId(spare)).at("pitstop:backup"),
            backup["backup_id"].get<std::string>());
}

TEST_F(PeerBackup, ADetachedVolumeBelongsToOneServer) {
  const auto one = make_instance(moto().endpoint(), {.name = "one"});
  make_instance(moto().endpoint(), {.name = "two"});
  const auto result = pitstop(
      {"backup", "--all", "--data-volumes-unmounted", "--detached-volume", one.volumes[1].str()});
  EXPECT_EQ(result.exit_status, 2) << result;
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(PeerBackup, BacksUpSeveralServersSideBySide) {
  const auto one = make_instance(moto().endpoint(), {.name = "one"});
  const auto two = make_instance(moto().endpoint(), {.name = "two"});
  const auto result = pitstop({"backup", "--all", "--yes", "--max-down", "100%"});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(messages_in(result.output).back()["backups"].size(), 2U);
  EXPECT_EQ(server->count("CreateSnapshots"), 4U) << "two dry runs, two sets";
  EXPECT_EQ(state_of(one.id), "running");
  EXPECT_EQ(state_of(two.id), "running");
}

TEST_F(PeerBackup, TakesDownNoMoreServersAtATimeThanAllowed) {
  make_instance(moto().endpoint(), {.name = "web-1"});
  make_instance(moto().endpoint(), {.name = "web-2"});
  make_instance(moto().endpoint(), {.name = "other"});
  const auto result =
      pitstop({"backup", "--tag", "Name=web-*", "--max-down", "1", "--no-wait", "--yes"});
  ASSERT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(messages_in(result.output).back()["backups"].size(), 2U);
  std::vector<std::string> order;
  for (const auto& action : changes()) {
    if (action != "CreateTags" && action != "DeleteTags") {
      order.push_back(action);
    }
  }
  EXPECT_THAT(order, ElementsAre("StopInstances", "CreateSnapshots", "StartInstances",
                                 "StopInstances", "CreateSnapshots", "StartInstances"));
}

TEST_F(PeerBackup, GoesThroughAProxyFromTheEnvironment) {
  const auto made = make_instance(moto().endpoint());
  FaultServer proxy;
  const auto result =
      pitstop({"backup", made.id.str()}, {{"http_proxy", proxy.endpoint()}, {"no_proxy", ""}});
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_EQ(proxy.count("StopInstances"), 2U) << "a dry run and the stop";
}

TEST_F(PeerBackup, VerifiesTheCertificateOfTheEndpoint) {
  const auto made = make_instance(moto().endpoint());
  server = std::make_unique<FaultServer>(
      FaultServerOptions{.upstream = moto().endpoint(), .tls = CertificateOptions{}});
  const auto refused = pitstop({"backup", made.id.str()});
  EXPECT_EQ(refused.exit_status, 1) << refused;
  EXPECT_THAT(refused.output, HasSubstr("AWS_CA_BUNDLE"));
  const auto trusted =
      pitstop({"backup", made.id.str()}, {{"AWS_CA_BUNDLE", server->ca_file().string()}});
  EXPECT_EQ(trusted.exit_status, 0) << trusted;
}

TEST_F(PeerBackup, ShowsPlainLinesWithoutATerminal) {
  const auto made = make_instance(moto().endpoint());
  auto command = pitstop_command({"backup", made.id.str(), "--output", "text"});
  command.arguments.erase(command.arguments.begin() + 3, command.arguments.begin() + 5);
  const auto result = run_process(command);
  EXPECT_EQ(result.exit_status, 0) << result;
  EXPECT_THAT(result.output, HasSubstr("web-1 (" + made.id.str() + ")"));
  EXPECT_THAT(result.output, HasSubstr("1 of 1 backed up"));
  EXPECT_EQ(result.output.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace pitstop::test
