#include "ec2/launch.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "ec2/instance_reader.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

void add_if_set(Parameters& parameters, const char* name, bool value) {
  if (value) {
    parameters.add(name, true);
  }
}

void add_place(Parameters& parameters, const LaunchRequest& request) {
  parameters.add_unless_empty("Placement.AvailabilityZone", request.zone);
  parameters.add_unless_empty("Placement.Tenancy", request.tenancy);
  parameters.add_unless_empty("Placement.GroupName", request.placement_group);
  parameters.add_unless_empty("SubnetId", request.subnet);
  parameters.add_unless_empty("PrivateIpAddress", request.private_ip);
  parameters.add_list("SecurityGroupId", request.security_groups);
}

void add_options(Parameters& parameters, const LaunchRequest& request) {
  parameters.add_unless_empty("KeyName", request.key_name);
  parameters.add_unless_empty("IamInstanceProfile.Arn", request.instance_profile_arn);
  parameters.add_unless_empty("UserData", request.user_data);
  parameters.add_unless_empty("InstanceInitiatedShutdownBehavior", request.shutdown_behavior);
  parameters.add_unless_empty("MetadataOptions.HttpTokens", request.metadata_http_tokens);
  parameters.add_unless_empty("MetadataOptions.HttpEndpoint", request.metadata_http_endpoint);
  parameters.add("MetadataOptions.HttpPutResponseHopLimit", request.metadata_hop_limit);
  parameters.add_unless_empty("MetadataOptions.InstanceMetadataTags", request.metadata_tags);
  parameters.add("CpuOptions.CoreCount", request.cpu_cores);
  parameters.add("CpuOptions.ThreadsPerCore", request.threads_per_core);
  add_if_set(parameters, "EbsOptimized", request.ebs_optimized);
  add_if_set(parameters, "Monitoring.Enabled", request.detailed_monitoring);
  add_if_set(parameters, "HibernationOptions.Configured", request.hibernation);
  add_if_set(parameters, "EnclaveOptions.Enabled", request.enclave);
  add_if_set(parameters, "DisableApiTermination", request.termination_protection);
  add_if_set(parameters, "DisableApiStop", request.stop_protection);
}

void add_initialization(Parameters& parameters, const LaunchRequest& request) {
  for (std::size_t i = 0; i < request.initialized_devices.size(); ++i) {
    const auto prefix = fmt::format("BlockDeviceMapping.{}.", i + 1);
    parameters.add(prefix + "DeviceName", request.initialized_devices[i]);
    parameters.add(prefix + "Ebs.VolumeInitializationRate", request.initialization_rate);
  }
}

Task<Result<std::vector<Address>>> addresses_with(Caller& caller, Filter filter) {
  Call call{.action = "DescribeAddresses"};
  call.parameters.add_filters({std::move(filter)});
  std::vector<Address> addresses;
  const auto read = [&](const pugi::xml_node& item) {
    addresses.push_back({xml::text(item, "allocationId"), xml::text(item, "publicIp"),
                         InstanceId(xml::text(item, "instanceId")),
                         xml::text(item, "networkInterfaceId")});
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "addressesSet", read));
  co_return addresses;
}

}  // namespace

Task<Result<Instance>> run_instance(Caller& caller, LaunchRequest request) {
  CHECK(!request.client_token.empty());
  Call call{.action = "RunInstances", .effect = Effect::settles};  // thanks to the token
  call.parameters.add("ImageId", request.image);
  call.parameters.add("MinCount", 1);
  call.parameters.add("MaxCount", 1);
  call.parameters.add_unless_empty("InstanceType", request.type);
  add_place(call.parameters, request);
  add_options(call.parameters, request);
  add_initialization(call.parameters, request);
  call.parameters.add("ClientToken", request.client_token);
  call.parameters.add_tag_specification(1, "instance", request.tags);
  // Numbers without a gap: EC2 reads a list up to the first that is missing.
  call.parameters.add_tag_specification(request.tags.empty() ? 1 : 2, "volume",
                                        request.volume_tags);
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  const auto item = reply.root().child("instancesSet").child("item");
  if (!item) {
    co_return fail(ErrorKind::unknown_fate, "RunInstances: the answer holds no instance");
  }
  co_return read_instance(item);
}

Task<Result<std::string>> zone_of_subnet(Caller& caller, std::string subnet) {
  Call call{.action = "DescribeSubnets"};
  call.parameters.add("SubnetId.1", subnet);
  std::string zone;
  const auto take = [&](const pugi::xml_node& item) { zone = xml::text(item, "availabilityZone"); };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "subnetSet", take));
  if (zone.empty()) {
    co_return fail(ErrorKind::not_found, fmt::format("there is no subnet {}", printable(subnet)));
  }
  co_return zone;
}

Task<Result<std::vector<Address>>> describe_addresses(Caller& caller,
                                                      std::vector<InstanceId> instances) {
  CHECK(!instances.empty());
  Filter of_instances{.name = "instance-id", .values = {}};
  for (const auto& instance : instances) {
    of_instances.values.push_back(instance.str());
  }
  return addresses_with(caller, std::move(of_instances));
}

Task<Result<std::vector<Address>>> find_address(Caller& caller, std::string public_ip) {
  return addresses_with(caller, {.name = "public-ip", .values = {std::move(public_ip)}});
}

Task<Status> associate_address(Caller& caller, std::string allocation, InstanceId instance) {
  Call call{.action = "AssociateAddress", .effect = Effect::settles};
  call.parameters.add("AllocationId", allocation);
  call.parameters.add("InstanceId", instance);
  call.parameters.add("AllowReassociation", true);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

}  // namespace pitstop::ec2
