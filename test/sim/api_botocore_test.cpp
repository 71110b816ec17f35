// The names that the simulator takes and gives, held against AWS's own model of EC2.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "copy_bench.hpp"
#include "sim/api/action.hpp"
#include "support/botocore.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using BotocoreReplies = Botocore;

/// Calls actions and keeps forms and answers.
class Recorder {
 public:
  ApiReply call(const std::string& action, const ApiParameters& parameters,
                const std::string& region = {}) {
    auto reply = bench.call(action, parameters, region);
    EXPECT_TRUE(reply.succeeded()) << action << ": " << reply;
    auto form = json::object();
    for (const auto& [name, value] : parameters) {
      form[name] = value;
    }
    cases.push_back({{"action", action},
                     {"form", form},
                     {"status", reply.status()},
                     {"body", reply.response.body}});
    called.insert(action);
    return reply;
  }

  ApiBench bench{scenario()};
  json cases = json::array();
  std::set<std::string> called;

 private:
  static sim::Scenario scenario() {
    auto scenario = api_scenario();
    scenario.servers.front().elastic_ip = true;
    scenario.servers.front().volumes[1].encrypted = true;
    return scenario;
  }
};

ApiParameters tagged(const std::string& type, ApiParameters parameters,
                     const std::string& name = "TagSpecification") {
  parameters.emplace_back(name + ".1.ResourceType", type);
  parameters.emplace_back(name + ".1.Tag.1.Key", "colour");
  parameters.emplace_back(name + ".1.Tag.1.Value", "red");
  return parameters;
}

void describe_all(Recorder& recorder) {
  for (const auto* action :
       {"DescribeInstances", "DescribeInstanceStatus", "DescribeVolumes", "DescribeSnapshots",
        "DescribeLockedSnapshots", "DescribeFastSnapshotRestores", "DescribeImages", "DescribeTags",
        "DescribeCapacityReservations", "DescribeInstanceTypes", "DescribeVpcs", "DescribeSubnets",
        "DescribeSecurityGroups", "DescribeNetworkInterfaces",
        "DescribeInstanceCreditSpecifications"}) {
    recorder.call(action, {{"MaxResults", "5"}});
  }
  for (const auto* action :
       {"DescribeAddresses", "DescribeRegions", "DescribeAvailabilityZones", "DescribeKeyPairs"}) {
    recorder.call(action, {});
  }
}

/// A Spot Instance, run by a service of AWS, for which an event is planned.
void record_what_aws_has_to_do_with_it(Recorder& recorder) {
  auto& server = recorder.bench.server();
  const auto before = server;
  server.settings.lifecycle = "spot";
  server.settings.spot_request = "sir-0123456789abcdef0";
  server.settings.managed_by = "eks.amazonaws.com";
  server.events = {{"instance-event-0123456789abcdef0", "instance-stop", "it wears out",
                    server.created() + std::chrono::hours(48)}};
  recorder.call("DescribeInstances", {{"InstanceId.1", server.id.str()}});
  recorder.call("DescribeInstanceStatus", {{"InstanceId.1", server.id.str()}});
  recorder.call("DescribeSpotInstanceRequests",
                {{"SpotInstanceRequestId.1", server.settings.spot_request}});
  server = before;
}

void record_instances(Recorder& recorder) {
  auto& bench = recorder.bench;
  const auto id = bench.id();
  recorder.call("DescribeInstances", {{"InstanceId.1", id},
                                      {"IncludeManagedResources", "false"},
                                      {"Filter.1.Name", "tag:Name"},
                                      {"Filter.1.Value.1", "*"}});
  bench.server().settings.platform_details = "Windows";
  recorder.call("DescribeInstances", {{"DryRun", "false"}, {"NextToken", ""}});
  bench.server().settings.platform_details = "Linux/UNIX";
  record_what_aws_has_to_do_with_it(recorder);
  recorder.call("DescribeInstanceStatus", {{"IncludeAllInstances", "true"}});
  for (const auto* attribute :
       {"blockDeviceMapping", "disableApiStop", "disableApiTermination", "ebsOptimized",
        "enaSupport", "enclaveOptions", "groupSet", "instanceInitiatedShutdownBehavior",
        "instanceType", "kernel", "productCodes", "ramdisk", "rootDeviceName", "sourceDestCheck",
        "sriovNetSupport", "userData"}) {
    recorder.call("DescribeInstanceAttribute", {{"InstanceId", id}, {"Attribute", attribute}});
  }
  recorder.call("GetLaunchTemplateData", {{"InstanceId", id}});
  recorder.call("RebootInstances", {{"InstanceId.1", id}});
  recorder.call("StopInstances", {{"InstanceId.1", id},
                                  {"Force", "false"},
                                  {"Hibernate", "false"},
                                  {"SkipOsShutdown", "false"}});
  bench.pass(Seconds(60));
  describe_all(recorder);
  for (const auto& [name, value] :
       ApiParameters{{"DisableApiStop.Value", "false"},
                     {"DisableApiTermination.Value", "false"},
                     {"EbsOptimized.Value", "true"},
                     {"EnaSupport.Value", "true"},
                     {"InstanceType.Value", "t3.small"},
                     {"SourceDestCheck.Value", "true"},
                     {"SriovNetSupport.Value", "simple"},
                     {"UserData.Value", "aGVsbG8="},
                     {"GroupId.1", bench.server().settings.security_groups.front()},
                     {"InstanceInitiatedShutdownBehavior.Value", "stop"}}) {
    recorder.call("ModifyInstanceAttribute", {{"InstanceId", id}, {name, value}});
  }
  recorder.call("ModifyInstanceAttribute",
                {{"InstanceId", id}, {"Attribute", "disableApiStop"}, {"Value", "false"}});
  recorder.call("ModifyInstanceAttribute",
                {{"InstanceId", id},
                 {"BlockDeviceMapping.1.DeviceName", "/dev/xvda"},
                 {"BlockDeviceMapping.1.Ebs.VolumeId", bench.volume(0)},
                 {"BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true"}});
  recorder.call("ModifyInstanceMetadataOptions", {{"InstanceId", id},
                                                  {"HttpTokens", "required"},
                                                  {"HttpEndpoint", "enabled"},
                                                  {"HttpProtocolIpv6", "disabled"},
                                                  {"HttpPutResponseHopLimit", "2"},
                                                  {"InstanceMetadataTags", "disabled"}});
  recorder.call("ModifyInstanceCapacityReservationAttributes",
                {{"InstanceId", id},
                 {"CapacityReservationSpecification.CapacityReservationPreference", "open"}});
  recorder.call("StartInstances", {{"InstanceId.1", id}, {"AdditionalInfo", ""}});
  bench.pass(Seconds(60));
}

/// Of a snapshot that is not encrypted, in each form.
void record_sharing(Recorder& recorder) {
  const auto id = recorder.bench
                      .call("DescribeSnapshots",
                            {{"Filter.1.Name", "encrypted"}, {"Filter.1.Value.1", "false"}})
                      .text("//snapshotId");
  for (const auto& [name, value] :
       ApiParameters{{"UserId.1", "222222222222"},
                     {"CreateVolumePermission.Add.1.UserId", "333333333333"},
                     {"CreateVolumePermission.Remove.1.UserId", "333333333333"}}) {
    ApiParameters change{
        {"SnapshotId", id}, {"Attribute", "createVolumePermission"}, {name, value}};
    if (name == "UserId.1") {
      change.emplace_back("OperationType", "add");
    }
    recorder.call("ModifySnapshotAttribute", change);
  }
  recorder.call("DescribeSnapshotAttribute",
                {{"SnapshotId", id}, {"Attribute", "createVolumePermission"}});
}

/// Of a snapshot that is complete, and of one that is not there.
void record_fast_restores(Recorder& recorder, const std::string& snapshot) {
  auto& bench = recorder.bench;
  const ApiParameters both{{"AvailabilityZone.1", "us-east-1a"},
                           {"SourceSnapshotId.1", snapshot},
                           {"SourceSnapshotId.2", "snap-0123456789abcdef0"}};
  recorder.call("EnableFastSnapshotRestores", both);
  recorder.call("EnableFastSnapshotRestores",
                {{"AvailabilityZoneId.1", "use1-az2"}, {"SourceSnapshotId.1", snapshot}});
  bench.pass(std::chrono::minutes(10));
  recorder.call("DescribeFastSnapshotRestores",
                {{"Filter.1.Name", "state"}, {"Filter.1.Value.1", "enabled"}, {"MaxResults", "1"}});
  recorder.call("DisableFastSnapshotRestores", both);
  bench.pass(std::chrono::minutes(1));
  recorder.call("DescribeFastSnapshotRestores", {});
}

void record_snapshots(Recorder& recorder) {
  auto& bench = recorder.bench;
  const auto one = recorder
                       .call("CreateSnapshot", tagged("snapshot", {{"VolumeId", bench.volume(1)},
                                                                   {"Description", "one"},
                                                                   {"Location", "regional"}}))
                       .text("snapshotId");
  bench.pass(std::chrono::minutes(20));
  recorder.call(
      "CreateSnapshots",
      tagged("snapshot", {{"InstanceSpecification.InstanceId", bench.id()},
                          {"InstanceSpecification.ExcludeBootVolume", "false"},
                          {"InstanceSpecification.ExcludeDataVolumeId.1", bench.volume(1)},
                          {"CopyTagsFromSource", "volume"},
                          {"Description", "set"}}));
  auto& failing = bench.region().volumes.at(VolumeId(bench.volume(1)));
  failing.snapshot_pace.failing = 1;
  recorder.call("CreateSnapshot", {{"VolumeId", bench.volume(1)}});
  failing.snapshot_pace.failing = 0;
  bench.pass(std::chrono::minutes(20));
  recorder.call("DescribeSnapshots",
                {{"Owner.1", "self"}, {"RestorableBy.1", "self"}, {"SnapshotId.1", one}});
  recorder.call("DescribeSnapshots", {});
  recorder.call(
      "CopySnapshot",
      tagged("snapshot", copy_of(one, {{"DestinationRegion", far},
                                       {"PresignedUrl", presigned_url(presigned_parameters(one))},
                                       {"Description", "copy"},
                                       {"Encrypted", "true"},
                                       {"KmsKeyId", "alias/mine"}})),
      far);
  record_sharing(recorder);
  auto& lock = bench.region().snapshots.at(SnapshotId(one)).lock;
  lock = "governance";
  recorder.call("DescribeLockedSnapshots", {{"SnapshotId.1", one}});
  lock.clear();
  record_fast_restores(recorder, one);
  recorder.call("DeleteSnapshot", {{"SnapshotId", one}});
}

/// A server on an Outpost, and a snapshot that is back from the archive for a time.
void record_outposts_and_archives(Recorder& recorder) {
  auto& bench = recorder.bench;
  auto& region = bench.region();
  const std::string outpost =
      "arn:aws:outposts:us-east-1:123456789012:outpost/op-0123456789abcdef0";
  region.instances.at(InstanceId(bench.id())).settings.outpost = outpost;
  region.volumes.at(VolumeId(bench.volume())).outpost = outpost;
  const auto made =
      recorder.call("CreateSnapshot", {{"VolumeId", bench.volume()}, {"OutpostArn", outpost}})
          .text("snapshotId");
  bench.pass(std::chrono::minutes(20));
  region.snapshots.at(SnapshotId(made)).restored_until = region.now();
  recorder.call("DescribeSnapshots", {{"SnapshotId.1", made}});
  recorder.call("DescribeInstances", {});
  recorder.call("DescribeVolumes", {});
  region.instances.at(InstanceId(bench.id())).settings.outpost.clear();
  region.volumes.at(VolumeId(bench.volume())).outpost.clear();
}

void record_volumes(Recorder& recorder) {
  auto& bench = recorder.bench;
  const auto made = recorder
                        .call("CreateVolume", tagged("volume", {{"AvailabilityZone", "us-east-1a"},
                                                                {"Size", "10"},
                                                                {"VolumeType", "gp3"},
                                                                {"Iops", "3000"},
                                                                {"Throughput", "125"},
                                                                {"Encrypted", "true"},
                                                                {"KmsKeyId", "1234"},
                                                                {"MultiAttachEnabled", "false"},
                                                                {"ClientToken", "t"}}))
                        .text("volumeId");
  recorder.call("AttachVolume",
                {{"VolumeId", made}, {"InstanceId", bench.id()}, {"Device", "/dev/sdh"}});
  recorder.call("DescribeVolumes", {{"VolumeId.1", made}, {"IncludeManagedResources", "false"}});
  recorder.call(
      "DetachVolume",
      {{"VolumeId", made}, {"InstanceId", bench.id()}, {"Device", "/dev/sdh"}, {"Force", "false"}});
  recorder.call("DeleteVolume", {{"VolumeId", made}});
  bench.stop();
  const auto snapshot =
      bench.call("CreateSnapshot", {{"VolumeId", bench.volume(0)}}).text("snapshotId");
  bench.pass(std::chrono::minutes(20));
  recorder.call("CreateVolume", {{"AvailabilityZoneId", "use1-az1"},
                                 {"SnapshotId", snapshot},
                                 {"VolumeInitializationRate", "100"}});
}

std::string record_images(Recorder& recorder) {
  auto& bench = recorder.bench;
  auto image = tagged("image", {{"InstanceId", bench.id()},
                                {"Name", "made"},
                                {"Description", "by a call"},
                                {"NoReboot", "true"},
                                {"SnapshotLocation", "regional"}});
  const auto made = recorder.call("CreateImage", image).text("imageId");
  recorder.call("DescribeImages", {{"ImageId.1", made}});
  bench.pass(std::chrono::minutes(20));
  recorder.call("CopyImage", tagged("image", image_copy_of(made, "copied",
                                                           {{"Description", "copy"},
                                                            {"ClientToken", "t"},
                                                            {"CopyImageTags", "true"},
                                                            {"Encrypted", "true"},
                                                            {"KmsKeyId", "alias/mine"}})));
  const auto snapshot = bench.call("DescribeImages", {{"ImageId.1", made}}).text("//snapshotId");
  const auto registered =
      recorder
          .call("RegisterImage", tagged("image", {{"Name", "registered"},
                                                  {"Description", "by hand"},
                                                  {"Architecture", "x86_64"},
                                                  {"VirtualizationType", "hvm"},
                                                  {"RootDeviceName", "/dev/xvda"},
                                                  {"EnaSupport", "true"},
                                                  {"SriovNetSupport", "simple"},
                                                  {"BootMode", "uefi"},
                                                  {"TpmSupport", "v2.0"},
                                                  {"ImdsSupport", "v2.0"},
                                                  {"UefiData", "eA=="},
                                                  {"BlockDeviceMapping.1.DeviceName", "/dev/xvda"},
                                                  {"BlockDeviceMapping.1.Ebs.SnapshotId", snapshot},
                                                  {"BlockDeviceMapping.1.Ebs.VolumeType", "gp3"},
                                                  {"BlockDeviceMapping.1.Ebs.Iops", "3000"},
                                                  {"BlockDeviceMapping.1.Ebs.Throughput", "125"}}))
          .text("imageId");
  recorder.call("DescribeImages",
                {{"Owner.1", "self"}, {"IncludeDeprecated", "true"}, {"IncludeDisabled", "true"}});
  recorder.call("DeregisterImage", {{"ImageId", made}, {"DeleteAssociatedSnapshots", "true"}});
  return registered;
}

/// All that RunInstances takes, but what goes only without something of this.
ApiParameters whole_launch(const std::string& image, const std::string& group,
                           const std::string& subnet) {
  return {{"ImageId", image},
          {"InstanceType", "t3.small"},
          {"MinCount", "1"},
          {"MaxCount", "2"},
          {"ClientToken", "t"},
          {"KeyName", "ops"},
          {"SecurityGroupId.1", group},
          {"SubnetId", subnet},
          {"UserData", "aGVsbG8="},
          {"IamInstanceProfile.Name", "web"},
          {"Placement.AvailabilityZone", "us-east-1a"},
          {"Placement.Tenancy", "default"},
          {"Placement.GroupName", "near"},
          {"Monitoring.Enabled", "true"},
          {"EbsOptimized", "false"},
          {"DisableApiStop", "false"},
          {"DisableApiTermination", "false"},
          {"InstanceInitiatedShutdownBehavior", "stop"},
          {"InstanceMarketOptions.MarketType", "spot"},
          {"CreditSpecification.CpuCredits", "standard"},
          {"CpuOptions.CoreCount", "1"},
          {"CpuOptions.ThreadsPerCore", "2"},
          {"HibernationOptions.Configured", "true"},
          {"EnclaveOptions.Enabled", "false"},
          {"MaintenanceOptions.AutoRecovery", "default"},
          {"NetworkPerformanceOptions.BandwidthWeighting", "vpc-1"},
          {"PrivateDnsNameOptions.HostnameType", "resource-name"},
          {"PrivateDnsNameOptions.EnableResourceNameDnsARecord", "true"},
          {"PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord", "true"},
          {"LicenseSpecification.1.LicenseConfigurationArn",
           "arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-1"},
          {"Placement.PartitionNumber", "2"},
          {"MetadataOptions.HttpTokens", "required"},
          {"MetadataOptions.HttpEndpoint", "enabled"},
          {"MetadataOptions.HttpProtocolIpv6", "disabled"},
          {"MetadataOptions.HttpPutResponseHopLimit", "1"},
          {"MetadataOptions.InstanceMetadataTags", "enabled"},
          {"CapacityReservationSpecification.CapacityReservationPreference", "open"},
          {"BlockDeviceMapping.1.DeviceName", "/dev/sdf"},
          {"BlockDeviceMapping.1.Ebs.VolumeSize", "10"},
          {"BlockDeviceMapping.1.Ebs.VolumeType", "gp3"},
          {"BlockDeviceMapping.1.Ebs.Encrypted", "true"},
          {"BlockDeviceMapping.1.Ebs.KmsKeyId", "1234"},
          {"BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true"},
          {"BlockDeviceMapping.2.DeviceName", "/dev/sdg"},
          {"BlockDeviceMapping.2.NoDevice", ""},
          {"BlockDeviceMapping.3.DeviceName", "/dev/sdh"},
          {"BlockDeviceMapping.3.VirtualName", "ephemeral0"}};
}

void record_launch(Recorder& recorder, const std::string& image) {
  auto& bench = recorder.bench;
  const auto group = bench.server().settings.security_groups.front();
  const auto subnet = bench.server().settings.subnet;
  const auto made =
      recorder.call("RunInstances", tagged("instance", whole_launch(image, group, subnet)));
  recorder.call("RunInstances",
                {{"ImageId", image},
                 {"InstanceType", "t3.small"},
                 {"MinCount", "1"},
                 {"MaxCount", "1"},
                 {"PrivateIpAddress", "172.31.9.9"},
                 {"SecurityGroup.1", "default"},
                 {"IamInstanceProfile.Arn", "arn:aws:iam::123456789012:instance-profile/web"}});
  recorder.call("RunInstances", {{"ImageId", image},
                                 {"InstanceType", "t3.small"},
                                 {"MinCount", "1"},
                                 {"MaxCount", "1"},
                                 {"NetworkInterface.1.DeviceIndex", "0"},
                                 {"NetworkInterface.1.SubnetId", subnet},
                                 {"NetworkInterface.1.SecurityGroupId.1", group},
                                 {"NetworkInterface.1.PrivateIpAddress", "172.31.8.8"},
                                 {"NetworkInterface.1.SecondaryPrivateIpAddressCount", "1"},
                                 {"NetworkInterface.1.Ipv6AddressCount", "2"},
                                 {"NetworkInterface.1.AssociatePublicIpAddress", "true"},
                                 {"NetworkInterface.1.DeleteOnTermination", "true"}});
  const std::string addresses = "NetworkInterface.1.PrivateIpAddresses.";
  recorder.call("RunInstances",
                {{"ImageId", image},
                 {"InstanceType", "t3.small"},
                 {"MinCount", "1"},
                 {"MaxCount", "1"},
                 {"NetworkInterface.1.DeviceIndex", "0"},
                 {addresses + "1.PrivateIpAddress", "172.31.8.9"},
                 {addresses + "1.Primary", "true"},
                 {addresses + "2.PrivateIpAddress", "172.31.8.10"},
                 {addresses + "2.Primary", "false"},
                 {"NetworkInterface.1.Ipv6Addresses.1.Ipv6Address", "2600:1f18::1"}});
  recorder.call("TerminateInstances", {{"InstanceId.1", made.text("//instanceId")},
                                       {"Force", "false"},
                                       {"SkipOsShutdown", "false"}});
  recorder.call("DescribeInstances", {});
  bench.pass(Seconds(60));
}

void record_network(Recorder& recorder) {
  auto& bench = recorder.bench;
  const auto made = recorder.call("AllocateAddress", tagged("elastic-ip", {{"Domain", "vpc"}}));
  const auto allocation = made.text("allocationId");
  recorder.call(
      "AssociateAddress",
      {{"AllocationId", allocation}, {"InstanceId", bench.id()}, {"AllowReassociation", "true"}});
  const auto association =
      recorder
          .call("AssociateAddress", {{"AllocationId", allocation},
                                     {"NetworkInterfaceId", bench.server().network_interface}})
          .text("associationId");
  recorder.call("DescribeAddresses", {{"AllocationId.1", allocation}});
  recorder.call("DescribeAddresses", {{"PublicIp.1", made.text("publicIp")}});
  recorder.call("DescribeInstances", {});
  recorder.call("DescribeNetworkInterfaces",
                {{"NetworkInterfaceId.1", bench.server().network_interface},
                 {"IncludeManagedResources", "false"}});
  recorder.call("DisassociateAddress", {{"AssociationId", association}});
  recorder.call("ReleaseAddress",
                {{"AllocationId", allocation}, {"NetworkBorderGroup", "us-east-1"}});
  recorder.call("DescribeVpcs", {{"VpcId.1", recorder.call("DescribeVpcs", {}).text("//vpcId")}});
  recorder.call("DescribeSubnets", {{"SubnetId.1", bench.server().settings.subnet}});
  recorder.call(
      "DescribeSecurityGroups",
      {{"GroupId.1", bench.server().settings.security_groups.front()}, {"GroupName.1", "default"}});
  recorder.call("DescribeRegions", {{"RegionName.1", "us-east-1"}, {"AllRegions", "true"}});
  recorder.call("DescribeAvailabilityZones",
                {{"ZoneName.1", "us-east-1a"}, {"AllAvailabilityZones", "true"}});
  recorder.call("DescribeInstanceTypes", {{"InstanceType.1", "t3.small"}});
  recorder.call("DescribeInstanceCreditSpecifications", {{"InstanceId.1", bench.id()}});
  bench.server().settings.boot_mode = "uefi";
  bench.server().settings.uefi_data = "eA==";
  recorder.call("GetInstanceUefiData", {{"InstanceId", bench.id()}});
  recorder.call("DescribeKeyPairs", {{"IncludePublicKey", "true"}});
  bench.region().placement_groups = {{"near", "cluster"}, {"apart", "spread"}};
  recorder.call("DescribePlacementGroups", {{"GroupName.1", "near"}});
  bench.call("DescribeKeyPairs", {{"KeyName.1", "none"}});
}

void record_reservations(Recorder& recorder) {
  auto& bench = recorder.bench;
  bench.region().placement_groups = {{"near", "cluster"}};
  recorder.call("CreateCapacityReservation",
                {{"InstanceType", "t3.small"},
                 {"InstancePlatform", "RHEL with HA"},
                 {"AvailabilityZone", "us-east-1a"},
                 {"InstanceCount", "1"},
                 {"PlacementGroupArn", "arn:aws:ec2:us-east-1:123456789012:placement-group/near"}});
  const auto id =
      recorder
          .call("CreateCapacityReservation", tagged("capacity-reservation",
                                                    {{"InstanceType", "t3.small"},
                                                     {"InstancePlatform", "Linux/UNIX"},
                                                     {"AvailabilityZone", "us-east-1a"},
                                                     {"InstanceCount", "1"},
                                                     {"InstanceMatchCriteria", "open"},
                                                     {"Tenancy", "default"},
                                                     {"EbsOptimized", "false"},
                                                     {"EphemeralStorage", "false"},
                                                     {"EndDateType", "limited"},
                                                     {"EndDate", "2026-12-31T00:00:00Z"},
                                                     {"ClientToken", "t"}},
                                                    "TagSpecifications"))
          .text("//capacityReservationId");
  bench.stop();
  recorder.call("ModifyInstanceCapacityReservationAttributes",
                {{"InstanceId", bench.id()},
                 {"CapacityReservationSpecification.CapacityReservationTarget."
                  "CapacityReservationId",
                  id}});
  recorder.call("DescribeInstances", {});
  recorder.call("DescribeCapacityReservations", {{"CapacityReservationId.1", id}});
  recorder.call("CancelCapacityReservation", {{"CapacityReservationId", id}});
}

void record_tags(Recorder& recorder) {
  recorder.call("CreateTags",
                {{"ResourceId.1", recorder.bench.id()}, {"Tag.1.Key", "a"}, {"Tag.1.Value", "b"}});
  recorder.call("DescribeTags", {});
  recorder.call("DeleteTags",
                {{"ResourceId.1", recorder.bench.id()}, {"Tag.1.Key", "a"}, {"Tag.1.Value", "b"}});
}

/// All words that stand in quotes in the sources of sim/api, those with dots taken apart.
std::set<std::string> quoted_words() {
  std::set<std::string> words;
  const std::regex quoted("\"([\\w.]+)\"");
  for (const auto& entry : std::filesystem::directory_iterator(PITSTOP_SOURCE_DIR "/sim/api")) {
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator word(source.begin(), source.end(), quoted), end; word != end;
         ++word) {
      for (const auto part : split((*word)[1].str(), '.')) {
        words.emplace(part);
      }
    }
  }
  return words;
}

TEST_F(BotocoreReplies, AreReadByBotocoreWithoutARest) {
  Recorder recorder;
  describe_all(recorder);
  record_instances(recorder);
  record_snapshots(recorder);
  record_volumes(recorder);
  const auto image = record_images(recorder);
  record_launch(recorder, image);
  record_network(recorder);
  record_reservations(recorder);
  record_outposts_and_archives(recorder);
  record_tags(recorder);

  const auto words = quoted_words();
  for (const auto& word : words) {
    EXPECT_TRUE(sim::find_action(word) == nullptr || recorder.called.contains(word))
        << word << " is not called here";
  }
  recorder.cases.push_back({{"words", words}});
  const auto findings = ask("sim/api_botocore.py", recorder.cases);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    for (const auto& finding : findings[i]) {
      ADD_FAILURE() << recorder.cases[i].value("action", "sources") << ": "
                    << finding.get<std::string>();
    }
  }
}

}  // namespace
}  // namespace pitstop::test
