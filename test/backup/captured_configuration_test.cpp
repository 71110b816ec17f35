#include "backup/captured_configuration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

ec2::Instance web_server() {
  ec2::Instance instance;
  instance.id = InstanceId("i-0123456789abcdef0");
  instance.type = "m7i.large";
  instance.image = "ami-0123456789abcdef0";
  instance.zone = "eu-central-1a";
  instance.subnet = "subnet-1";
  instance.security_groups = {"sg-1", "sg-2"};
  instance.architecture = "x86_64";
  instance.boot_mode = "uefi-preferred";
  instance.ena_support = true;
  instance.platform_details = "Linux/UNIX";
  instance.root_device_name = "/dev/sda1";
  instance.source_dest_check = false;
  instance.network_interfaces = {{"eni-1", "subnet-1", "10.0.0.5", 0, true}};
  instance.volumes = {{"/dev/sda1", VolumeId("vol-1"), true},
                      {"/dev/sdf", VolumeId("vol-2"), false}};
  instance.tags = {{"Name", "web-1"}, {"team", "<b> & \"c\""}};
  return instance;
}

std::vector<ec2::Volume> its_volumes() {
  ec2::Volume root;
  root.id = VolumeId("vol-1");
  root.size = ec2::Gibibytes(8);
  root.type = "gp3";
  root.iops = 3000;
  root.throughput = 125;
  ec2::Volume data;
  data.id = VolumeId("vol-2");
  data.size = ec2::Gibibytes(150);
  data.type = "io2";
  data.encrypted = true;
  data.kms_key = "arn:aws:kms:eu-central-1:1:key/2";
  return {root, data};
}

TEST(CapturedConfiguration, HoldsWhatARestoreNeeds) {
  const ec2::LaunchSettings attributes{"stop", true, false};
  const auto json =
      nlohmann::json::parse(capture_configuration(web_server(), attributes, its_volumes()));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["machine"]["type"], "m7i.large");
  EXPECT_EQ(json["machine"]["platform_details"], "Linux/UNIX");
  EXPECT_EQ(json["place"]["network_interfaces"][0]["private_ip"], "10.0.0.5");
  EXPECT_EQ(json["place"]["network_interfaces"][0]["elastic_ip"], true);
  EXPECT_EQ(json["options"]["no_source_dest_check"], true);
  EXPECT_EQ(json["options"]["termination_protection"], true);
  EXPECT_EQ(json["volumes"][0]["iops"], 3000);
  EXPECT_EQ(json["volumes"][0]["delete_on_termination"], true);
  EXPECT_EQ(json["volumes"][1]["device"], "/dev/sdf");
  EXPECT_EQ(json["volumes"][1]["kms_key"], "arn:aws:kms:eu-central-1:1:key/2");
  EXPECT_EQ(json["tags"]["team"], "<b> & \"c\"");
}

TEST(CapturedConfiguration, IsReadAsItWasWritten) {
  const ec2::LaunchSettings attributes{"terminate", true, false};
  const auto json = capture_configuration(web_server(), attributes, its_volumes());
  const auto read = read_configuration(json).value();
  EXPECT_EQ(capture_configuration(read.instance, read.attributes, read.volumes), json);
  EXPECT_EQ(read.instance.id, web_server().id);
  EXPECT_EQ(read.instance.security_groups, web_server().security_groups);
  EXPECT_FALSE(read.instance.source_dest_check);
  EXPECT_EQ(read.instance.network_interfaces[0].private_ip, "10.0.0.5");
  EXPECT_EQ(read.instance.volumes[1].device, "/dev/sdf");
  EXPECT_TRUE(read.instance.volumes[0].delete_on_termination);
  EXPECT_EQ(read.attributes.shutdown_behavior, "terminate");
  EXPECT_TRUE(read.attributes.termination_protection);
  EXPECT_EQ(read.volumes[0].iops, 3000);
  EXPECT_EQ(read.volumes[1].kms_key, "arn:aws:kms:eu-central-1:1:key/2");
}

TEST(CapturedConfiguration, IsNotReadWhereItMakesNoSense) {
  const auto complaint = [](const char* json) { return read_configuration(json).error().message; };
  EXPECT_EQ(complaint("[]"), "the configuration that was captured is not JSON");
  EXPECT_EQ(complaint(R"({"version": 2})"), "the configuration was captured by a newer pitstop");
  for (const auto* odd : {R"({"version": 1, "machine": {"type": 7}})",
                          R"({"version": 1, "options": {"no_source_dest_check": "no"}})",
                          R"({"version": 1, "volumes": [{"id": "vol-1", "size_gib": "big"}]})",
                          R"({"version": 1, "place": {"security_groups": [1]}})"}) {
    EXPECT_NE(complaint(odd).find("makes no sense"), std::string::npos) << odd;
  }
  EXPECT_TRUE(read_configuration(R"({"version": 1, "volumes": 7, "place": []})"));
}

TEST(CapturedConfiguration, FitsTheTagsOfAnOrdinaryServerSeveralTimes) {
  const auto tags = pack_configuration(capture_configuration(web_server(), {}, its_volumes()));
  EXPECT_LE(tags.size(), 4U);
  for (const auto& tag : tags) {
    EXPECT_LE(tag.value.size(), ec2::longest_tag_value);
  }
}

TEST(CapturedConfiguration, ComesBackFromTheTagsWhateverItHolds) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SeededRandom random(seed);
    std::string text(random.next() % 6000, '\0');
    std::ranges::generate(text, [&] { return static_cast<char>(random.next() % 96 + 32); });
    text = nlohmann::json(text).dump();
    auto tags = pack_configuration(text);
    std::ranges::reverse(tags);  // EC2 keeps no order
    tags.push_back({"Name", "web-1"});
    EXPECT_EQ(unpack_configuration(tags), text) << "seed " << seed;
  }
}

TEST(CapturedConfiguration, NoticesPartsThatAreMissingOrAltered) {
  std::string text;
  SeededRandom random(1);
  for (int i = 0; i < 200; ++i) {
    text += random.hex(16);
  }
  const auto tags = pack_configuration(text);
  ASSERT_GE(tags.size(), 4U);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    auto without = tags;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(unpack_configuration(without).has_value()) << "without part " << i + 1;
    auto altered = tags;
    auto& letter = altered[i].value[10];
    letter = letter == 'A' ? 'B' : 'A';
    EXPECT_FALSE(unpack_configuration(altered).has_value()) << "part " << i + 1 << " altered";
  }
  EXPECT_FALSE(unpack_configuration({}).has_value());
  EXPECT_FALSE(unpack_configuration({{"pitstop:config.1", "z1:!!!!"}}).has_value());
  EXPECT_FALSE(unpack_configuration({{"pitstop:config.1", "{\"plain\": 1}"}}).has_value());
}

TEST(CapturedConfiguration, ForeignBytesAreReplacedAndDoNotStopABackup) {
  auto instance = web_server();
  instance.tags.push_back({"broken", "\xff\xfe"});
  const auto tags = pack_configuration(capture_configuration(instance, {}, its_volumes()));
  EXPECT_TRUE(nlohmann::json::accept(unpack_configuration(tags).value()));
}

/// Tags can be changed by hand: what makes no sense in them ends nothing.
TEST(CapturedConfiguration, TellsOfItsVolumesAsFarAsTheyMakeSense) {
  const auto volumes = captured_volumes(
      R"({"volumes": [{"id": "vol-1", "device": "/dev/sda1"}, 7, {"id": 8, "device": null}, {}]})");
  ASSERT_EQ(volumes.size(), 1U);
  EXPECT_EQ(volumes[0].volume, VolumeId("vol-1"));
  EXPECT_EQ(volumes[0].device, "/dev/sda1");
  for (const auto* odd : {"", "[]", "{", "7", R"({"volumes": 7})", R"({"volumes": {"id": 1}})"}) {
    EXPECT_TRUE(captured_volumes(odd).empty()) << odd;
  }
}

}  // namespace
}  // namespace pitstop
