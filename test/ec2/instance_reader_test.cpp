#include "ec2/instance_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;

/// A server as DescribeInstances shows it (API Reference, with the elements in its order).
constexpr std::string_view server = R"(
<instanceId>i-1234567890abcdef0</instanceId><imageId>ami-bff32ccc</imageId>
<instanceState><code>272</code><name>running</name></instanceState>
<privateDnsName>ip-192-168-1-88.eu-west-1.compute.internal</privateDnsName>
<dnsName>ec2-54-194-252-215.eu-west-1.compute.amazonaws.com</dnsName>
<reason>User initiated (2026-11-23 00:16:00 GMT)</reason><keyName>my_keypair</keyName>
<amiLaunchIndex>0</amiLaunchIndex>
<productCodes><item><productCode>abc</productCode><type>marketplace</type></item></productCodes>
<instanceType>c4.xlarge</instanceType><launchTime>2018-05-08T16:46:19.000Z</launchTime>
<placement><availabilityZone>eu-west-1c</availabilityZone><groupName>cluster</groupName>
<tenancy>dedicated</tenancy><hostId>h-1</hostId></placement>
<kernelId>aki-1</kernelId><ramdiskId>ari-1</ramdiskId>
<monitoring><state>enabled</state></monitoring><subnetId>subnet-56f5f000</subnetId>
<vpcId>vpc-11112222</vpcId><privateIpAddress>192.168.1.88</privateIpAddress>
<ipAddress>54.194.252.215</ipAddress><sourceDestCheck>false</sourceDestCheck>
<groupSet><item><groupId>sg-e4076980</groupId><groupName>SecurityGroup1</groupName></item></groupSet>
<stateReason><code>Client.UserInitiatedShutdown</code><message>Client.UserInitiatedShutdown: User
 initiated shutdown</message></stateReason>
<architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType>
<rootDeviceName>/dev/xvda</rootDeviceName>
<blockDeviceMapping>
<item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-1</volumeId><status>attached</status>
<attachTime>2015-12-22T10:44:09.000Z</attachTime><deleteOnTermination>true</deleteOnTermination>
</ebs></item>
<item><deviceName>/dev/sdb</deviceName><virtualName>ephemeral0</virtualName></item>
<item><deviceName>/dev/sdf</deviceName><ebs><volumeId>vol-2</volumeId>
<deleteOnTermination>false</deleteOnTermination></ebs></item></blockDeviceMapping>
<virtualizationType>hvm</virtualizationType><instanceLifecycle>spot</instanceLifecycle>
<spotInstanceRequestId>sir-1</spotInstanceRequestId>
<operator><managed>true</managed><principal>eks.amazonaws.com</principal></operator>
<tagSet><item><key>Name</key><value>Server_1</value></item></tagSet><hypervisor>xen</hypervisor>
<networkInterfaceSet><item><networkInterfaceId>eni-551ba000</networkInterfaceId>
<subnetId>subnet-56f5f000</subnetId><privateIpAddress>192.168.1.88</privateIpAddress>
<attachment><attachmentId>eni-attach-1</attachmentId><deviceIndex>1</deviceIndex></attachment>
<association><publicIp>54.194.252.215</publicIp><ipOwnerId>123456789012</ipOwnerId></association>
</item><item><networkInterfaceId>eni-2</networkInterfaceId>
<association><ipOwnerId>amazon</ipOwnerId></association></item></networkInterfaceSet>
<iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/web</arn><id>A</id>
</iamInstanceProfile><ebsOptimized>true</ebsOptimized><sriovNetSupport>simple</sriovNetSupport>
<enaSupport>true</enaSupport>
<cpuOptions><coreCount>4</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions>
<hibernationOptions><configured>true</configured></hibernationOptions>
<metadataOptions><state>applied</state><httpTokens>required</httpTokens>
<httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint>
<instanceMetadataTags>disabled</instanceMetadataTags></metadataOptions>
<enclaveOptions><enabled>true</enabled></enclaveOptions><bootMode>uefi</bootMode>
<platformDetails>Linux/UNIX</platformDetails><usageOperation>RunInstances</usageOperation>
<tpmSupport>v2.0</tpmSupport><currentInstanceBootMode>uefi</currentInstanceBootMode>)";

Instance read(std::string_view content) {
  const auto reply = test::reply_of("DescribeInstances", fmt::format("<item>{}</item>", content));
  EXPECT_TRUE(reply);
  return read_instance(reply->root().child("item"));
}

InstanceState read_state(std::string_view content) {
  const auto reply = test::reply_of("DescribeInstances",
                                    fmt::format("<instanceState>{}</instanceState>", content));
  EXPECT_TRUE(reply);
  return read_instance_state(reply->root().child("instanceState"));
}

TEST(ReadInstance, ReadsWhatItIsAndHowItIs) {
  const Instance instance = read(server);
  EXPECT_EQ(instance.id, InstanceId("i-1234567890abcdef0"));
  EXPECT_EQ(instance.state, InstanceState::running) << "only the low byte of 272 counts";
  EXPECT_EQ(instance.state_reason_code, "Client.UserInitiatedShutdown");
  EXPECT_EQ(instance.state_reason, "Client.UserInitiatedShutdown: User\n initiated shutdown");
  EXPECT_EQ(instance.transition_reason, "User initiated (2026-11-23 00:16:00 GMT)");
  EXPECT_EQ(instance.type, "c4.xlarge");
  EXPECT_EQ(instance.image, "ami-bff32ccc");
  EXPECT_EQ(instance.key_name, "my_keypair");
  EXPECT_EQ(instance.instance_profile_arn, "arn:aws:iam::123456789012:instance-profile/web");
  EXPECT_EQ(instance.lifecycle, "spot");
  EXPECT_EQ(instance.spot_request, "sir-1");
  EXPECT_EQ(instance.managed_by, "eks.amazonaws.com");
  EXPECT_EQ(instance.name(), "Server_1");
}

TEST(ReadInstance, ReadsWhereItIs) {
  const Instance instance = read(server);
  EXPECT_EQ(instance.zone, "eu-west-1c");
  EXPECT_EQ(instance.tenancy, "dedicated");
  EXPECT_EQ(instance.placement_group, "cluster");
  EXPECT_EQ(instance.host, "h-1");
  EXPECT_EQ(instance.vpc, "vpc-11112222");
  EXPECT_EQ(instance.subnet, "subnet-56f5f000");
  EXPECT_EQ(instance.private_ip, "192.168.1.88");
  EXPECT_EQ(instance.public_ip, "54.194.252.215");
  EXPECT_THAT(instance.security_groups, ElementsAre("sg-e4076980"));
  ASSERT_EQ(instance.network_interfaces.size(), 2U);
  EXPECT_EQ(instance.network_interfaces[0].id, "eni-551ba000");
  EXPECT_EQ(instance.network_interfaces[0].subnet, "subnet-56f5f000");
  EXPECT_EQ(instance.network_interfaces[0].private_ip, "192.168.1.88");
  EXPECT_EQ(instance.network_interfaces[0].device_index, 1);
  EXPECT_TRUE(instance.network_interfaces[0].public_ip_is_elastic);
  EXPECT_FALSE(instance.network_interfaces[1].public_ip_is_elastic);
}

TEST(ReadInstance, ReadsTheMachine) {
  const Instance instance = read(server);
  EXPECT_EQ(instance.architecture, "x86_64");
  EXPECT_EQ(instance.virtualization, "hvm");
  EXPECT_EQ(instance.hypervisor, "xen");
  EXPECT_EQ(instance.boot_mode, "uefi");
  EXPECT_EQ(instance.current_boot_mode, "uefi");
  EXPECT_EQ(instance.tpm_support, "v2.0");
  EXPECT_EQ(instance.platform_details, "Linux/UNIX");
  EXPECT_EQ(instance.usage_operation, "RunInstances");
  EXPECT_EQ(instance.root_device_name, "/dev/xvda");
  EXPECT_EQ(instance.root_device_type, "ebs");
  EXPECT_EQ(instance.sriov_net_support, "simple");
  EXPECT_EQ(instance.kernel, "aki-1");
  EXPECT_EQ(instance.ramdisk, "ari-1");
  EXPECT_TRUE(instance.ena_support);
  EXPECT_TRUE(instance.ebs_optimized);
  EXPECT_EQ(instance.cpu_cores, 4);
  EXPECT_EQ(instance.threads_per_core, 2);
  EXPECT_THAT(instance.product_codes, ElementsAre("abc"));
}

TEST(ReadInstance, ReadsItsOptions) {
  const Instance instance = read(server);
  EXPECT_FALSE(instance.source_dest_check);
  EXPECT_TRUE(instance.hibernation);
  EXPECT_TRUE(instance.enclave);
  EXPECT_TRUE(instance.detailed_monitoring);
  EXPECT_EQ(instance.metadata_http_tokens, "required");
  EXPECT_EQ(instance.metadata_http_endpoint, "enabled");
  EXPECT_EQ(instance.metadata_hop_limit, 2);
  EXPECT_EQ(instance.metadata_tags, "disabled");
}

TEST(ReadInstance, DrivesThatAreNoVolumesAreLeftOut) {
  const Instance instance = read(server);
  ASSERT_EQ(instance.volumes.size(), 2U);
  EXPECT_EQ(instance.volumes[0].device, "/dev/xvda");
  EXPECT_EQ(instance.volumes[0].volume, VolumeId("vol-1"));
  EXPECT_TRUE(instance.volumes[0].delete_on_termination);
  EXPECT_EQ(instance.volumes[1].volume, VolumeId("vol-2"));
  EXPECT_FALSE(instance.volumes[1].delete_on_termination);
}

TEST(ReadInstance, AnInstanceOfWhichLittleIsSaidHasTheDefaults) {
  const Instance instance = read("<instanceId>i-1</instanceId>");
  EXPECT_EQ(instance.state, InstanceState::pending);
  EXPECT_TRUE(instance.source_dest_check);
  EXPECT_FALSE(instance.hibernation);
  EXPECT_TRUE(instance.volumes.empty());
  EXPECT_EQ(instance.name(), std::nullopt);
}

TEST(ReadInstanceState, GoesByTheLowByteOfTheCode) {
  EXPECT_EQ(read_state("<code>0</code><name>pending</name>"), InstanceState::pending);
  EXPECT_EQ(read_state("<code>16</code>"), InstanceState::running);
  EXPECT_EQ(read_state("<code>32</code>"), InstanceState::shutting_down);
  EXPECT_EQ(read_state("<code>48</code>"), InstanceState::terminated);
  EXPECT_EQ(read_state("<code>64</code>"), InstanceState::stopping);
  EXPECT_EQ(read_state("<code>80</code>"), InstanceState::stopped);
  EXPECT_EQ(read_state("<code>32848</code>"), InstanceState::stopped);
}

TEST(ReadInstanceState, GoesByTheNameWhereTheCodeSaysNothing) {
  EXPECT_EQ(read_state("<name>shutting-down</name>"), InstanceState::shutting_down);
  EXPECT_EQ(read_state("<code>7</code><name>stopped</name>"), InstanceState::stopped);
  EXPECT_EQ(read_state("<code/><name> running </name>"), InstanceState::running);
}

}  // namespace
}  // namespace pitstop::ec2
