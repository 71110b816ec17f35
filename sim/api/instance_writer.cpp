#include "sim/api/instance_view.hpp"
#include "sim/api/network.hpp"
#include "sim/api/xml.hpp"
#include "sim/cloud/addresses.hpp"

namespace pitstop::sim {
namespace {

void write_association(xml::Element parent, const SeenInstance& seen, ToldBy call) {
  const auto ip = seen.public_ip();
  if (ip.empty()) {
    return;
  }
  const auto* elastic = address_of(seen.region, seen.instance.id);
  auto association = parent.append_child("association");
  xml::put(association, "publicIp", ip);
  xml::put(association, "publicDnsName", public_dns_name(seen.region, ip));
  xml::put(association, "ipOwnerId", elastic != nullptr ? seen.region.account : "amazon");
  if (elastic != nullptr && call == ToldBy::describe_network_interfaces) {
    xml::put(association, "allocationId", elastic->allocation);
    xml::put(association, "associationId", elastic->association);
  }
}

void write_addresses(xml::Element interface, const SeenInstance& seen) {
  const auto& settings = seen.instance.settings;
  auto addresses = interface.append_child("privateIpAddressesSet");
  const auto write = [&](const std::string& ip, bool primary) {
    auto address = addresses.append_child("item");
    xml::put(address, "privateIpAddress", ip);
    xml::put(address, "privateDnsName", private_dns_name(seen.region, ip));
    xml::put_boolean(address, "primary", primary);
    return address;
  };
  write_association(write(settings.private_ip, true), seen, ToldBy::describe_instances);
  for (const auto& ip : settings.secondary_ips) {
    write(ip, false);
  }
  if (settings.ipv6_addresses.empty()) {
    return;
  }
  auto ipv6 = interface.append_child("ipv6AddressesSet");
  for (const auto& ip : settings.ipv6_addresses) {
    auto address = ipv6.append_child("item");
    xml::put(address, "ipv6Address", ip);
    xml::put_boolean(address, "isPrimaryIpv6", false);
  }
}

void write_interface_attachment(xml::Element parent, const SeenInstance& seen, ToldBy call) {
  const auto& instance = seen.instance;
  auto attachment = parent.append_child("attachment");
  xml::put(attachment, "attachmentId",
           interface_attachment_id(seen.region, instance.network_interface));
  xml::put_number(attachment, "deviceIndex", 0);
  xml::put_number(attachment, "networkCardIndex", 0);
  xml::put(attachment, "status", "attached");
  xml::put_time(attachment, "attachTime", seen.wall(instance.created()));
  xml::put_boolean(attachment, "deleteOnTermination", true);
  if (call == ToldBy::describe_network_interfaces) {
    xml::put(attachment, "instanceId", instance.id.str());
    xml::put(attachment, "instanceOwnerId", seen.region.account);
  }
}

/// Where it stands and how it is reached.
void write_place(xml::Element item, const SeenInstance& seen) {
  const auto& settings = seen.instance.settings;
  auto placement = item.append_child("placement");
  xml::put(placement, "availabilityZone", settings.zone);
  xml::put(placement, "availabilityZoneId", zone_id(settings.zone));
  xml::put(placement, "groupName", settings.placement_group);
  if (settings.partition) {
    xml::put_number(placement, "partitionNumber", *settings.partition);
  }
  xml::put(placement, "tenancy", settings.tenancy);
  xml::put_unless_empty(item, "outpostArn", settings.outpost);
  if (!seen.is_connected()) {
    return;
  }
  xml::put_unless_empty(item, "subnetId", settings.subnet);
  xml::put_unless_empty(item, "vpcId", settings.subnet.empty() ? "" : vpc_id(seen.region));
  xml::put_unless_empty(item, "privateIpAddress", settings.private_ip);
  xml::put_unless_empty(item, "ipAddress", seen.public_ip());
  if (!settings.ipv6_addresses.empty()) {
    xml::put(item, "ipv6Address", settings.ipv6_addresses.front());
  }
  xml::put_boolean(item, "sourceDestCheck", settings.source_dest_check);
  write_security_groups(item, seen);
  auto interfaces = item.append_child("networkInterfaceSet");
  write_network_interface(interfaces.append_child("item"), seen, ToldBy::describe_instances);
}

void write_machine(xml::Element item, const InstanceSettings& settings) {
  xml::put(item, "architecture", settings.architecture);
  xml::put(item, "rootDeviceType", settings.root_device_type);
  xml::put(item, "rootDeviceName", settings.root_device_name);
  xml::put(item, "virtualizationType", settings.virtualization);
  xml::put(item, "hypervisor", "xen");
  xml::put_boolean(item, "ebsOptimized", settings.ebs_optimized);
  xml::put_boolean(item, "enaSupport", settings.ena_support);
  xml::put_unless_empty(item, "sriovNetSupport", settings.sriov_net_support);
  xml::put_unless_empty(item, "bootMode", settings.boot_mode);
  xml::put(item, "currentInstanceBootMode",
           settings.boot_mode.starts_with("uefi") ? "uefi" : "legacy-bios");
  xml::put_unless_empty(item, "tpmSupport", settings.tpm_support);
  if (settings.platform_details.starts_with("Windows")) {
    xml::put(item, "platform", "windows");
  }
  xml::put(item, "platformDetails", settings.platform_details);
  xml::put(item, "usageOperation", settings.usage_operation);
  auto cpu = item.append_child("cpuOptions");
  xml::put_number(cpu, "coreCount", settings.cpu_cores);
  xml::put_number(cpu, "threadsPerCore", settings.threads_per_core);
}

void write_capacity(xml::Element item, const InstanceSettings& settings) {
  auto capacity = item.append_child("capacityReservationSpecification");
  if (settings.capacity_target.empty()) {
    xml::put(capacity, "capacityReservationPreference", settings.capacity_preference);
  } else {
    xml::put(capacity.append_child("capacityReservationTarget"), "capacityReservationId",
             settings.capacity_target);
  }
}

void write_options(xml::Element item, const Instance& instance) {
  const auto& settings = instance.settings;
  xml::put(item.append_child("monitoring"), "state",
           settings.detailed_monitoring ? "enabled" : "disabled");
  write_capacity(item, settings);
  xml::put_boolean(item.append_child("hibernationOptions"), "configured", settings.hibernation);
  xml::put_boolean(item.append_child("enclaveOptions"), "enabled", settings.enclave);
  xml::put(item.append_child("maintenanceOptions"), "autoRecovery", settings.auto_recovery);
  auto names = item.append_child("privateDnsNameOptions");
  xml::put(names, "hostnameType", settings.hostname_type);
  xml::put_boolean(names, "enableResourceNameDnsARecord", settings.dns_a_record);
  xml::put_boolean(names, "enableResourceNameDnsAAAARecord", settings.dns_aaaa_record);
  xml::put(item.append_child("networkPerformanceOptions"), "bandwidthWeighting",
           settings.bandwidth_weighting);
  if (!settings.licenses.empty()) {
    auto licenses = item.append_child("licenseSet");
    for (const auto& arn : settings.licenses) {
      xml::put(licenses.append_child("item"), "licenseConfigurationArn", arn);
    }
  }
  write_metadata_options(item, "metadataOptions", instance);
  if (!settings.instance_profile_arn.empty()) {
    xml::put(item.append_child("iamInstanceProfile"), "arn", settings.instance_profile_arn);
  }
}

void write_state(xml::Element item, const SeenInstance& seen) {
  xml::put_state(item, "instanceState", seen.state());
  xml::put(item, "reason", seen.change.transition_reason);
  if (!seen.change.reason_code.empty()) {
    auto reason = item.append_child("stateReason");
    xml::put(reason, "code", seen.change.reason_code);
    xml::put(reason, "message", seen.change.reason_message);
  }
}

}  // namespace

void write_metadata_options(xml::Element parent, const char* name, const Instance& instance) {
  const auto& settings = instance.settings;
  auto options = parent.append_child(name);
  xml::put(options, "state", "applied");
  xml::put(options, "httpTokens", settings.metadata_http_tokens);
  xml::put_number(options, "httpPutResponseHopLimit", settings.metadata_hop_limit);
  xml::put(options, "httpEndpoint", settings.metadata_http_endpoint);
  xml::put(options, "httpProtocolIpv6", settings.metadata_ipv6);
  xml::put(options, "instanceMetadataTags", settings.metadata_tags);
}

void write_security_groups(xml::Element parent, const SeenInstance& seen) {
  auto groups = parent.append_child("groupSet");
  for (const auto& group : seen.instance.settings.security_groups) {
    auto item = groups.append_child("item");
    xml::put(item, "groupId", group);
    xml::put(item, "groupName", "default");
  }
}

void write_block_devices(xml::Element parent, const SeenInstance& seen) {
  auto mapping = parent.append_child("blockDeviceMapping");
  for (const auto& attachment : seen.instance.attachments) {
    auto item = mapping.append_child("item");
    xml::put(item, "deviceName", attachment.device);
    auto ebs = item.append_child("ebs");
    xml::put(ebs, "volumeId", attachment.volume.str());
    xml::put(ebs, "status", "attached");
    xml::put_time(ebs, "attachTime", seen.wall(attachment.since));
    xml::put_boolean(ebs, "deleteOnTermination", attachment.delete_on_termination);
  }
}

void write_network_interface(xml::Element item, const SeenInstance& seen, ToldBy call) {
  const auto& [region, instance, change] = seen;
  const auto dns = private_dns_name(region, instance.settings.private_ip);
  xml::put(item, "networkInterfaceId", instance.network_interface);
  xml::put(item, "subnetId", instance.settings.subnet);
  xml::put(item, "vpcId", vpc_id(region));
  xml::put(item, "description", "");
  xml::put(item, "ownerId", region.account);
  xml::put(item, "status", "in-use");
  xml::put(item, "macAddress", mac_address(region, instance.network_interface));
  xml::put(item, "privateIpAddress", instance.settings.private_ip);
  xml::put(item, "privateDnsName", dns);
  xml::put_boolean(item, "sourceDestCheck", instance.settings.source_dest_check);
  xml::put(item, "interfaceType", "interface");
  write_security_groups(item, seen);
  write_interface_attachment(item, seen, call);
  write_association(item, seen, call);
  write_addresses(item, seen);
}

void write_operator(xml::Element item, const InstanceSettings& settings) {
  auto managed = item.append_child("operator");
  xml::put_boolean(managed, "managed", !settings.managed_by.empty());
  xml::put_unless_empty(managed, "principal", settings.managed_by);
}

void write_instance(xml::Element item, const SeenInstance& seen) {
  const auto& [region, instance, change] = seen;
  const auto& settings = instance.settings;
  xml::put(item, "instanceId", instance.id.str());
  xml::put(item, "imageId", settings.image.str());
  write_state(item, seen);
  xml::put(item, "privateDnsName",
           seen.is_connected() ? private_dns_name(region, settings.private_ip) : "");
  xml::put(item, "dnsName", public_dns_name(region, seen.public_ip()));
  xml::put_unless_empty(item, "keyName", settings.key_name);
  xml::put_number(item, "amiLaunchIndex", settings.launch_index);
  item.append_child("productCodes");
  xml::put(item, "instanceType", settings.type);
  xml::put_time(item, "launchTime", seen.wall(instance.launched));
  xml::put_time(item, "usageOperationUpdateTime", seen.wall(instance.created()));
  xml::put_unless_empty(item, "instanceLifecycle", settings.lifecycle);
  xml::put_unless_empty(item, "spotInstanceRequestId", settings.spot_request);
  write_operator(item, settings);
  xml::put(item, "clientToken", settings.client_token);
  write_place(item, seen);
  write_block_devices(item, seen);
  write_machine(item, settings);
  write_options(item, instance);
  xml::put_tags(item, seen.tags());
}

}  // namespace pitstop::sim
