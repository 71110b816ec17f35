// Any bytes get an answer: a hundred thousand forms of nearly right parts.
#include <gtest/gtest.h>

#include "api_bench.hpp"
#include "base/random.hpp"

namespace pitstop::test {
namespace {

/// Puts forms together from names and values that mean something somewhere.
class GarbageMaker {
 public:
  GarbageMaker(std::uint64_t seed, ApiBench& bench) : random_(seed), bench_(bench) {}

  std::string form() {
    std::string form = "Action=" + one_of(actions) + "&Version=2016-11-15";
    for (std::size_t i = random_.next() % 6; i > 0; --i) {
      form += '&' + one_of(names) + '=' + value();
    }
    if (random_.next() % 20 == 0) {
      form[random_.next() % form.size()] = static_cast<char>(random_.next());
    }
    return form;
  }

 private:
  const std::string& one_of(const std::vector<std::string>& texts) {
    return texts[random_.next() % texts.size()];
  }

  std::string value() {
    switch (random_.next() % 6) {
      case 0:
        return bench_.id();
      case 1:
        return bench_.volume(random_.next() % 2);
      case 2:
        return std::to_string(static_cast<std::int64_t>(random_.next()) >> random_.next() % 64);
      default:
        return one_of(values);
    }
  }

  const std::vector<std::string> actions{"DescribeInstances",
                                         "DescribeInstanceStatus",
                                         "DescribeInstanceAttribute",
                                         "GetLaunchTemplateData",
                                         "GetInstanceUefiData",
                                         "StopInstances",
                                         "StartInstances",
                                         "RebootInstances",
                                         "RunInstances",
                                         "DescribeVolumes",
                                         "CreateVolume",
                                         "AttachVolume",
                                         "DetachVolume",
                                         "CreateSnapshot",
                                         "CreateSnapshots",
                                         "DescribeSnapshots",
                                         "CopySnapshot",
                                         "CopyImage",
                                         "ModifySnapshotAttribute",
                                         "DescribeSnapshotAttribute",
                                         "CreateTags",
                                         "DeleteTags",
                                         "DescribeTags",
                                         "CreateImage",
                                         "RegisterImage",
                                         "DescribeImages",
                                         "AllocateAddress",
                                         "DescribeAddresses",
                                         "AssociateAddress",
                                         "DescribeRegions",
                                         "CreateCapacityReservation",
                                         "ModifyInstanceAttribute",
                                         "DescribeNetworkInterfaces"};
  const std::vector<std::string> names{"InstanceId.1",
                                       "InstanceId",
                                       "InstanceId.999999999",
                                       "VolumeId",
                                       "VolumeId.1",
                                       "SnapshotId",
                                       "SnapshotId.1",
                                       "Filter.1.Name",
                                       "Filter.1.Value.1",
                                       "Filter.2.Name",
                                       "MaxResults",
                                       "NextToken",
                                       "DryRun",
                                       "Tag.1.Key",
                                       "Tag.1.Value",
                                       "ResourceId.1",
                                       "Size",
                                       "Iops",
                                       "AvailabilityZone",
                                       "ImageId",
                                       "InstanceType",
                                       "MinCount",
                                       "MaxCount",
                                       "Attribute",
                                       "DisableApiStop.Value",
                                       "TagSpecification.1.ResourceType",
                                       "TagSpecification.1.Tag.1.Key",
                                       "InstanceSpecification.InstanceId",
                                       "InstanceSpecification.ExcludeDataVolumeId.1",
                                       "BlockDeviceMapping.1.DeviceName",
                                       "BlockDeviceMapping.1.Ebs.VolumeSize",
                                       "BlockDeviceMapping.1.Ebs.SnapshotId",
                                       "Name",
                                       "RootDeviceName",
                                       "SourceRegion",
                                       "SourceSnapshotId",
                                       "SourceImageId",
                                       "PresignedUrl",
                                       "Encrypted",
                                       "KmsKeyId",
                                       "OperationType",
                                       "UserId.1",
                                       "CreateVolumePermission.Add.1.UserId",
                                       "AllocationId",
                                       "InstanceCount",
                                       "InstancePlatform",
                                       "EndDate",
                                       "Device",
                                       "Owner.1",
                                       "PrivateIpAddress",
                                       "UserData",
                                       "Force",
                                       "",
                                       ".1",
                                       "Filter.1.",
                                       "%00"};
  const std::vector<std::string> values{"true",
                                        "false",
                                        "",
                                        "*",
                                        "?*?*?*",
                                        "running",
                                        "instance-state-name",
                                        "tag:Name",
                                        "tag-key",
                                        "us-east-1a",
                                        "t3.large",
                                        "ami-0000000000000000a",
                                        "snapshot",
                                        "instance",
                                        "/dev/xvda",
                                        "userData",
                                        "i-00000000",
                                        "vol-ffffffff",
                                        "%ff%fe",
                                        "%3Cx%3E%26%22",
                                        "2026-02-30T00:00:00Z",
                                        "9999-12-31T23:59:59Z",
                                        "eu-west-1",
                                        "add",
                                        "createVolumePermission",
                                        "222222222222",
                                        "https%3A%2F%2Fx%2F%3FAction%3DCopySnapshot",
                                        "5",
                                        "1000",
                                        "Linux/UNIX",
                                        "aGVsbG8="};

  SeededRandom random_;
  ApiBench& bench_;
};

TEST(ApiGarbage, GetsAnAnswer) {
  ApiBench bench(api_scenario(2));
  GarbageMaker maker(1, bench);
  std::map<int, int> statuses;
  for (int i = 0; i < 20'000; ++i) {
    const auto form = maker.form();
    const auto reply = bench.ask(form);
    ++statuses[reply.status()];
    ASSERT_TRUE(reply.document.document_element()) << form << '\n' << reply;
    ASSERT_TRUE(reply.succeeded() || !reply.code().empty()) << form << '\n' << reply;
    if (i % 100 == 0) {
      bench.pass(Seconds(20));
    }
  }
  EXPECT_GT(statuses[200], 500);
  EXPECT_GT(statuses[400], 500);
}

TEST(ApiGarbage, OfRandomBytesGetsAnAnswer) {
  ApiBench bench;
  SeededRandom random(1);
  for (int i = 0; i < 5'000; ++i) {
    std::string form(random.next() % 100, ' ');
    for (auto& letter : form) {
      letter = static_cast<char>(random.next());
    }
    EXPECT_EQ(bench.ask(form).status(), 400) << i;
  }
}

}  // namespace
}  // namespace pitstop::test
