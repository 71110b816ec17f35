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

void add_if_any(Parameters& parameters, const std::string& name, int count) {
  if (count > 0) {
    parameters.add(name, count);
  }
}

/// "Name.1.Member", "Name.2.Member", ….
void add_items(Parameters& parameters, const std::string& name, const char* member,
               const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameters.add(fmt::format("{}.{}.{}", name, i + 1, member), values[i]);
  }
}

void add_private_addresses(Parameters& parameters, const std::string& prefix,
                           const LaunchRequest& request) {
  const auto& secondary = request.interface.secondary_ips;
  if (secondary.empty()) {
    parameters.add_unless_empty(prefix + "PrivateIpAddress", request.private_ip);
    add_if_any(parameters, prefix + "SecondaryPrivateIpAddressCount",
               request.interface.secondary_ip_count);
    return;
  }
  std::vector<std::string> all;
  if (!request.private_ip.empty()) {
    all.push_back(request.private_ip);
  }
  all.insert(all.end(), secondary.begin(), secondary.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto item = fmt::format("{}PrivateIpAddresses.{}.", prefix, i + 1);
    parameters.add(item + "PrivateIpAddress", all[i]);
    parameters.add(item + "Primary", all[i] == request.private_ip);
  }
}

void add_ipv6(Parameters& parameters, const std::string& prefix, const LaunchInterface& interface) {
  add_items(parameters, prefix + "Ipv6Addresses", "Ipv6Address", interface.ipv6_addresses);
  add_if_any(parameters, prefix + "Ipv6AddressCount", interface.ipv6_count);
  if (interface.primary_ipv6) {
    parameters.add(prefix + "PrimaryIpv6", true);
  }
  add_items(parameters, prefix + "Ipv6Prefix", "Ipv6Prefix", interface.ipv6_prefixes);
  add_if_any(parameters, prefix + "Ipv6PrefixCount", interface.ipv6_prefix_count);
}

void add_network_card(Parameters& parameters, const std::string& prefix,
                      const LaunchInterface& interface) {
  parameters.add_unless_empty(prefix + "InterfaceType", interface.type);
  const auto tracking = prefix + "ConnectionTrackingSpecification.";
  parameters.add(tracking + "TcpEstablishedTimeout", interface.tracking.tcp_established);
  parameters.add(tracking + "UdpStreamTimeout", interface.tracking.udp_stream);
  parameters.add(tracking + "UdpTimeout", interface.tracking.udp);
  if (interface.ena_express) {
    const auto express = prefix + "EnaSrdSpecification.";
    parameters.add(express + "EnaSrdEnabled", true);
    if (interface.ena_express_udp) {
      parameters.add(express + "EnaSrdUdpSpecification.EnaSrdUdpEnabled", true);
    }
  }
  parameters.add(prefix + "EnaQueueCount", interface.ena_queues);
}

/// Subnet, addresses and security groups stand at the interface, or where there is nothing to say
/// of that beside the request's others.
void add_network(Parameters& parameters, const LaunchRequest& request) {
  const auto& interface = request.interface;
  if (interface == LaunchInterface{}) {
    parameters.add_unless_empty("SubnetId", request.subnet);
    parameters.add_unless_empty("PrivateIpAddress", request.private_ip);
    parameters.add_list("SecurityGroupId", request.security_groups);
    return;
  }
  const std::string prefix = "NetworkInterface.1.";
  parameters.add(prefix + "DeviceIndex", 0);
  parameters.add_unless_empty(prefix + "SubnetId", request.subnet);
  parameters.add_list(prefix + "SecurityGroupId", request.security_groups);
  if (interface.public_ip) {
    parameters.add(prefix + "AssociatePublicIpAddress", true);
  }
  add_private_addresses(parameters, prefix, request);
  add_items(parameters, prefix + "Ipv4Prefix", "Ipv4Prefix", interface.ipv4_prefixes);
  add_if_any(parameters, prefix + "Ipv4PrefixCount", interface.ipv4_prefix_count);
  add_ipv6(parameters, prefix, interface);
  add_network_card(parameters, prefix, interface);
}

void add_place(Parameters& parameters, const LaunchRequest& request) {
  parameters.add_unless_empty("Placement.AvailabilityZone", request.zone);
  parameters.add_unless_empty("Placement.Tenancy", request.tenancy);
  parameters.add_unless_empty("Placement.GroupName", request.placement_group);
  parameters.add("Placement.PartitionNumber", request.partition);
  parameters.add_unless_empty("CapacityReservationSpecification.CapacityReservationPreference",
                              request.capacity_preference);
  add_network(parameters, request);
}

void add_machine(Parameters& parameters, const LaunchRequest& request) {
  parameters.add("CpuOptions.CoreCount", request.cpu_cores);
  parameters.add("CpuOptions.ThreadsPerCore", request.threads_per_core);
  parameters.add_unless_empty("CpuOptions.AmdSevSnp", request.amd_sev_snp);
  parameters.add_unless_empty("CpuOptions.NestedVirtualization", request.nested_virtualization);
  parameters.add_unless_empty("CreditSpecification.CpuCredits", request.cpu_credits);
  parameters.add_unless_empty("NetworkPerformanceOptions.BandwidthWeighting",
                              request.bandwidth_weighting);
  add_items(parameters, "LicenseSpecification", "LicenseConfigurationArn", request.licenses);
}

void add_names(Parameters& parameters, const LaunchRequest& request) {
  const std::string options = "PrivateDnsNameOptions.";
  parameters.add_unless_empty(options + "HostnameType", request.hostname_type);
  if (request.dns_a_record) {
    parameters.add(options + "EnableResourceNameDnsARecord", *request.dns_a_record);
  }
  if (request.dns_aaaa_record) {
    parameters.add(options + "EnableResourceNameDnsAAAARecord", *request.dns_aaaa_record);
  }
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
  parameters.add_unless_empty("MetadataOptions.HttpProtocolIpv6", request.metadata_ipv6);
  parameters.add_unless_empty("MaintenanceOptions.AutoRecovery", request.auto_recovery);
  add_if_set(parameters, "EbsOptimized", request.ebs_optimized);
  add_if_set(parameters, "Monitoring.Enabled", request.detailed_monitoring);
  add_if_set(parameters, "HibernationOptions.Configured", request.hibernation);
  add_if_set(parameters, "EnclaveOptions.Enabled", request.enclave);
  add_if_set(parameters, "DisableApiTermination", request.termination_protection);
  add_if_set(parameters, "DisableApiStop", request.stop_protection);
}

void add_devices(Parameters& parameters, const LaunchRequest& request) {
  for (std::size_t i = 0; i < request.devices.size(); ++i) {
    const auto& device = request.devices[i];
    const auto prefix = fmt::format("BlockDeviceMapping.{}.", i + 1);
    parameters.add(prefix + "DeviceName", device.name);
    parameters.add(prefix + "Ebs.VolumeInitializationRate", device.initialization_rate);
    parameters.add(prefix + "Ebs.EbsCardIndex", device.ebs_card);
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
  add_machine(call.parameters, request);
  add_options(call.parameters, request);
  add_names(call.parameters, request);
  add_devices(call.parameters, request);
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
