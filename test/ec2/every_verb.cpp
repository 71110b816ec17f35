#include "every_verb.hpp"

#include "ec2/capacity.hpp"
#include "ec2/copies.hpp"
#include "ec2/fast_restores.hpp"
#include "ec2/images.hpp"
#include "ec2/instance_types.hpp"
#include "ec2/instances.hpp"
#include "ec2/launch.hpp"
#include "ec2/placement_groups.hpp"
#include "ec2/sharing.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/spot_requests.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"

namespace pitstop::ec2 {
namespace {

const InstanceId some_instance("i-1");
const VolumeId some_volume("vol-1");
const SnapshotId some_snapshot("snap-1");
const ImageId some_image("ami-1");
const Tags tags = {{"Name", "web"}, {"pitstop:backup", "b-1"}};

Task<void> call_instances(Caller& caller) {
  const std::vector<InstanceId> ids{some_instance, InstanceId("i-2")};
  // The filters that the watch and the commands use.
  const std::vector<Filter> filters{{"tag:backup", {"weekly", "daily"}},
                                    {"instance-state-name", {"running"}}};
  co_await describe_instances(caller, ids, filters);
  co_await describe_instances(caller, {}, filters);
  co_await look_at_instances(caller, ids, filters);
  co_await stop_instances(caller, ids);
  co_await force_stop_instances(caller, ids);
  co_await start_instances(caller, ids);
  co_await may_stop_instances(caller, ids);
  co_await may_start_instances(caller, ids);
  co_await describe_launch_settings(caller, some_instance);
  co_await is_stop_protected(caller, some_instance);
  co_await is_termination_protected(caller, some_instance);
  co_await describe_shutdown_behavior(caller, some_instance);
  co_await describe_user_data(caller, some_instance);
  co_await describe_scheduled_events(caller, ids);
  co_await describe_instance_types(caller, {"t3.large", "i3.large"});
  co_await one_time_spot_requests(caller, {"sir-1"});
  co_await describe_status_checks(caller, some_instance);
  co_await describe_uefi_data(caller, some_instance);
  co_await describe_cpu_credits(caller, some_instance);
  co_await set_source_dest_check(caller, some_instance, false);
  co_await set_delete_on_termination(caller, some_instance, "/dev/sdf", true);
}

Task<void> call_snapshots(Caller& caller) {
  const std::vector<SnapshotId> ids{some_snapshot};
  const std::vector<Filter> filters{
      {"tag:pitstop:backup", {"b-1"}}, {"status", {"completed"}}, {"volume-id", {"vol-1"}}};
  const SnapshotSetRequest set{.instance = some_instance,
                               .exclude_boot_volume = true,
                               .exclude_data_volumes = {some_volume},
                               .description = "weekly",
                               .tags = tags,
                               .outpost = "arn:aws:outposts:us-east-1:123456789012:outpost/op-1"};
  const SnapshotCopyRequest copy{.source_region = "eu-west-1",
                                 .source = some_snapshot,
                                 .destination_region = "us-east-1",
                                 .presigned_url = "https://ec2.eu-west-1.amazonaws.com/?Action=x",
                                 .description = "copy",
                                 .tags = tags,
                                 .encryption = {.encrypted = true, .key = "key"}};
  co_await describe_snapshots(caller, ids, filters);
  co_await describe_snapshots(caller, {}, filters);
  co_await look_at_snapshots(caller, ids, filters);
  co_await create_snapshots(caller, set, Seconds(1));
  co_await may_create_snapshots(caller, set);
  co_await create_snapshot(caller, {some_volume, "weekly", tags}, Seconds(1));
  co_await may_create_snapshot(caller, {some_volume, "weekly", tags});
  co_await delete_snapshot(caller, some_snapshot);
  co_await locked_snapshots(caller);
  co_await copy_snapshot(caller, copy);
  co_await accounts_with_access(caller, some_snapshot);
  co_await share_snapshot(caller, some_snapshot, "222222222222");
  co_await unshare_snapshot(caller, some_snapshot, "222222222222");
  co_await describe_fast_restores(caller, ids, "us-east-1a");
  co_await enable_fast_restores(caller, ids, "us-east-1a");
  co_await disable_fast_restores(caller, ids, "us-east-1a");
  co_await may_disable_fast_restores(caller, ids, "us-east-1a");
}

Task<void> call_volumes_and_tags(Caller& caller) {
  const std::vector<VolumeId> ids{some_volume};
  const std::vector<Filter> filters{{"attachment.instance-id", {"i-1"}}};
  const VolumeRequest request{.zone = "us-east-1a",
                              .from = some_snapshot,
                              .type = "gp3",
                              .iops = 3000,
                              .throughput = 125,
                              .initialization_rate = 300,
                              .multi_attach = true,
                              .tags = tags,
                              .client_token = "t",
                              .outpost = "arn:aws:outposts:us-east-1:123456789012:outpost/op-1"};
  const std::vector<std::string> resources{"i-1", "snap-1"};
  co_await describe_volumes(caller, ids, filters);
  co_await describe_volumes(caller, {}, filters);
  co_await create_volume(caller, request);
  co_await attach_volume(caller, some_volume, some_instance, "/dev/sdf");
  co_await detach_volume(caller, some_volume, some_instance);
  co_await may_attach_volume(caller, some_volume, some_instance, "/dev/sdf");
  co_await may_detach_volume(caller, some_volume, some_instance);
  co_await delete_volume(caller, some_volume);
  co_await create_tags(caller, resources, tags);
  co_await delete_tags(caller, resources, tags);
  co_await may_create_tags(caller, resources, tags);
  co_await may_delete_tags(caller, resources, tags);
}

Task<void> call_images(Caller& caller) {
  const std::vector<ImageId> ids{some_image};
  const std::vector<Filter> filters{{"name", {"pitstop b-1"}}};
  const ImageRequest request{.instance = some_instance,
                             .name = "pitstop b-1",
                             .description = "weekly",
                             .exclude_devices = {"/dev/sdf"},
                             .image_tags = tags,
                             .snapshot_tags = tags};
  const ImageRegistration registration{
      .name = "restored",
      .description = "from b-1",
      .architecture = "arm64",
      .virtualization = "hvm",
      .root_device_name = "/dev/xvda",
      .ena_support = true,
      .sriov_net_support = "simple",
      .boot_mode = "uefi",
      .tpm_support = "v2.0",
      .uefi_data = "QU1aTlVFRkk=",
      .imds_support = "v2.0",
      .kernel = "aki-1",
      .ramdisk = "ari-1",
      .volumes = {{"/dev/xvda", some_snapshot, "gp3", 3000, 125, true}},
      .tags = tags};
  co_await describe_images(caller, ids, filters);
  co_await describe_images(caller, {}, filters);
  co_await create_image(caller, request, Seconds(10));
  co_await may_create_image(caller, request);
  co_await register_image(caller, registration);
  co_await deregister_image(caller, some_image);
  const ImageCopyRequest copy{.source_region = "eu-west-1",
                              .source = some_image,
                              .name = "pitstop b-1",
                              .description = "copy",
                              .client_token = "t",
                              .image_tags = tags,
                              .snapshot_tags = tags,
                              .encryption = {.encrypted = true, .key = "key"}};
  co_await copy_image(caller, copy);
}

LaunchRequest full_launch() {
  LaunchRequest request;
  request.image = some_image;
  request.type = "m7g.large";
  request.zone = "us-east-1a";
  request.subnet = "subnet-1";
  request.private_ip = "10.0.0.5";
  request.security_groups = {"sg-1"};
  request.key_name = "key";
  request.instance_profile_arn = "arn:aws:iam::123456789012:instance-profile/web";
  request.user_data = "IyEvYmluL3NoCg==";
  request.tenancy = "dedicated";
  request.placement_group = "cluster";
  request.partition = 2;
  request.capacity_preference = "none";
  request.shutdown_behavior = "stop";
  request.metadata_http_tokens = "required";
  request.metadata_http_endpoint = "enabled";
  request.metadata_hop_limit = 2;
  request.metadata_tags = "enabled";
  request.metadata_ipv6 = "enabled";
  request.cpu_cores = 1;
  request.threads_per_core = 1;
  request.amd_sev_snp = "enabled";
  request.nested_virtualization = "enabled";
  request.cpu_credits = "unlimited";
  request.auto_recovery = "disabled";
  request.hostname_type = "resource-name";
  request.dns_a_record = true;
  request.dns_aaaa_record = false;
  request.bandwidth_weighting = "vpc-1";
  request.licenses = {"arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-1"};
  request.ebs_optimized = true;
  request.detailed_monitoring = true;
  request.termination_protection = true;
  request.stop_protection = true;
  request.hibernation = true;
  request.enclave = true;
  request.devices = {{"/dev/xvda", 300, 1}, {"/dev/sdf", 300, {}}};
  request.tags = tags;
  request.volume_tags = tags;
  request.client_token = "t";
  return request;
}

LaunchInterface full_interface() {
  return {.public_ip = true,
          .secondary_ips = {"10.0.0.6"},
          .ipv6_addresses = {"2001:db8::1"},
          .primary_ipv6 = true,
          .ipv4_prefixes = {"10.0.1.0/28"},
          .ipv6_prefixes = {"2001:db8:1::/80"},
          .type = "efa",
          .tracking = {.tcp_established = 600, .udp_stream = 120, .udp = 40},
          .ena_express = true,
          .ena_express_udp = true,
          .ena_queues = 4};
}

/// Addresses that are counted, and not named.
LaunchInterface counting_interface() {
  return {.secondary_ip_count = 1, .ipv6_count = 2, .ipv4_prefix_count = 1, .ipv6_prefix_count = 1};
}

Task<void> call_launch_and_capacity(Caller& caller) {
  const std::vector<InstanceId> ids{some_instance};
  const std::vector<Filter> filters{{"state", {"active"}}};
  const CapacityRequest capacity{
      .instance_type = "m7g.large",
      .platform = "Linux/UNIX",
      .zone = "us-east-1a",
      .tenancy = "default",
      .placement_group_arn = "arn:aws:ec2:us-east-1:123456789012:placement-group/near",
      .ebs_optimized = true,
      .end = WallTime(Seconds(1'900'000'000)),
      .tags = tags,
      .client_token = "t"};
  auto launch = full_launch();
  co_await run_instance(caller, std::move(launch));
  for (const auto& interface : {full_interface(), counting_interface()}) {
    launch = full_launch();
    launch.interface = interface;
    co_await run_instance(caller, std::move(launch));
  }
  co_await describe_placement_groups(caller, {"near"});
  co_await zone_of_subnet(caller, "subnet-1");
  co_await describe_addresses(caller, ids);
  co_await find_address(caller, "198.51.100.1");
  co_await associate_address(caller, "eipalloc-1", some_instance);
  co_await create_capacity_reservation(caller, capacity);
  co_await may_create_capacity_reservation(caller, capacity);
  co_await cancel_capacity_reservation(caller, "cr-1");
  co_await describe_capacity_reservations(caller, filters);
}

}  // namespace

Task<void> call_every_verb(Caller& caller) {
  co_await call_instances(caller);
  co_await call_snapshots(caller);
  co_await call_volumes_and_tags(caller);
  co_await call_images(caller);
  co_await call_launch_and_capacity(caller);
}

}  // namespace pitstop::ec2
