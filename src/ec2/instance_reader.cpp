#include "ec2/instance_reader.hpp"

#include "base/text.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {

InstanceState read_instance_state(const pugi::xml_node& state) {
  if (const auto code = xml::number(state, "code")) {
    switch (*code & 0xff) {
      case 0:
        return InstanceState::pending;
      case 16:
        return InstanceState::running;
      case 32:
        return InstanceState::shutting_down;
      case 48:
        return InstanceState::terminated;
      case 64:
        return InstanceState::stopping;
      case 80:
        return InstanceState::stopped;
      default:
        break;
    }
  }
  const auto name = trimmed(state.child_value("name"));
  for (const auto known :
       {InstanceState::running, InstanceState::shutting_down, InstanceState::terminated,
        InstanceState::stopping, InstanceState::stopped}) {
    if (name == to_string(known)) {
      return known;
    }
  }
  return InstanceState::pending;
}

namespace {

std::vector<AttachedVolume> read_volumes(const pugi::xml_node& item) {
  std::vector<AttachedVolume> volumes;
  for (const auto& mapping : item.child("blockDeviceMapping").children("item")) {
    const auto ebs = mapping.child("ebs");
    if (!ebs) {
      continue;
    }
    volumes.push_back({xml::text(mapping, "deviceName"), VolumeId(xml::text(ebs, "volumeId")),
                       xml::boolean(ebs, "deleteOnTermination"), xml::number(ebs, "ebsCardIndex")});
  }
  return volumes;
}

void read_addresses(const pugi::xml_node& node, NetworkInterface& interface) {
  interface.private_ip = xml::text(node, "privateIpAddress");
  for (const auto& address : node.child("privateIpAddressesSet").children("item")) {
    auto ip = xml::text(address, "privateIpAddress");
    if (ip == interface.private_ip) {
      continue;
    }
    interface.secondary_ips.push_back(std::move(ip));
    if (auto open = xml::text(address.child("association"), "publicIp"); !open.empty()) {
      interface.secondary_public_ips.push_back(std::move(open));
    }
  }
  for (const auto& address : node.child("ipv6AddressesSet").children("item")) {
    const bool is_primary = xml::boolean(address, "isPrimaryIpv6");
    interface.primary_ipv6 = interface.primary_ipv6 || is_primary;
    auto& all = interface.ipv6_addresses;
    all.insert(is_primary ? all.begin() : all.end(), xml::text(address, "ipv6Address"));
  }
  for (const auto& prefix : node.child("ipv4PrefixSet").children("item")) {
    interface.ipv4_prefixes.push_back(xml::text(prefix, "ipv4Prefix"));
  }
  for (const auto& prefix : node.child("ipv6PrefixSet").children("item")) {
    interface.ipv6_prefixes.push_back(xml::text(prefix, "ipv6Prefix"));
  }
}

NetworkInterface read_network_interface(const pugi::xml_node& node) {
  NetworkInterface interface;
  interface.id = xml::text(node, "networkInterfaceId");
  interface.subnet = xml::text(node, "subnetId");
  interface.type = xml::text(node, "interfaceType");
  read_addresses(node, interface);
  // An Elastic IP belongs to the account, a passing one to "amazon".
  const auto ip_owner = xml::text(node.child("association"), "ipOwnerId");
  interface.public_ip_is_elastic = !ip_owner.empty() && ip_owner != "amazon";
  interface.customer_owned_ip = xml::text(node.child("association"), "customerOwnedIp");
  const auto attachment = node.child("attachment");
  interface.device_index = xml::number(attachment, "deviceIndex").value_or(0);
  interface.outlives_its_server = xml::text(attachment, "deleteOnTermination") == "false";
  interface.ena_queues = xml::number(attachment, "enaQueueCount");
  const auto express = attachment.child("enaSrdSpecification");
  interface.ena_express = xml::boolean(express, "enaSrdEnabled");
  interface.ena_express_udp =
      xml::boolean(express.child("enaSrdUdpSpecification"), "enaSrdUdpEnabled");
  const auto tracking = node.child("connectionTrackingConfiguration");
  interface.tracking = {xml::number(tracking, "tcpEstablishedTimeout"),
                        xml::number(tracking, "udpStreamTimeout"),
                        xml::number(tracking, "udpTimeout")};
  return interface;
}

std::vector<NetworkInterface> read_network_interfaces(const pugi::xml_node& item) {
  std::vector<NetworkInterface> interfaces;
  for (const auto& node : item.child("networkInterfaceSet").children("item")) {
    interfaces.push_back(read_network_interface(node));
  }
  return interfaces;
}

void read_capacity(const pugi::xml_node& item, Instance& instance) {
  const auto capacity = item.child("capacityReservationSpecification");
  instance.capacity_preference = xml::text(capacity, "capacityReservationPreference");
  const auto target = capacity.child("capacityReservationTarget");
  instance.capacity_target = xml::text(target, "capacityReservationId");
  if (instance.capacity_target.empty()) {
    instance.capacity_target = xml::text(target, "capacityReservationResourceGroupArn");
  }
}

void read_placement(const pugi::xml_node& item, Instance& instance) {
  const auto placement = item.child("placement");
  instance.zone = xml::text(placement, "availabilityZone");
  instance.tenancy = xml::text(placement, "tenancy");
  instance.placement_group = xml::text(placement, "groupName");
  instance.partition = xml::number(placement, "partitionNumber");
  instance.host = xml::text(placement, "hostId");
  instance.host_group = xml::text(placement, "hostResourceGroupArn");
  instance.outpost = xml::text(item, "outpostArn");
  instance.vpc = xml::text(item, "vpcId");
  instance.subnet = xml::text(item, "subnetId");
  instance.private_ip = xml::text(item, "privateIpAddress");
  instance.public_ip = xml::text(item, "ipAddress");
  instance.security_groups = xml::texts(item, "groupSet", "groupId");
  instance.network_interfaces = read_network_interfaces(item);
  for (const auto& node : item.child("secondaryInterfaceSet").children("item")) {
    instance.secondary_networks.push_back(xml::text(node, "secondaryInterfaceId"));
  }
  read_capacity(item, instance);
}

void read_machine(const pugi::xml_node& item, Instance& instance) {
  instance.architecture = xml::text(item, "architecture");
  instance.virtualization = xml::text(item, "virtualizationType");
  instance.hypervisor = xml::text(item, "hypervisor");
  instance.boot_mode = xml::text(item, "bootMode");
  instance.current_boot_mode = xml::text(item, "currentInstanceBootMode");
  instance.tpm_support = xml::text(item, "tpmSupport");
  instance.platform_details = xml::text(item, "platformDetails");
  instance.usage_operation = xml::text(item, "usageOperation");
  instance.root_device_name = xml::text(item, "rootDeviceName");
  instance.root_device_type = xml::text(item, "rootDeviceType");
  instance.sriov_net_support = xml::text(item, "sriovNetSupport");
  instance.kernel = xml::text(item, "kernelId");
  instance.ramdisk = xml::text(item, "ramdiskId");
  instance.ena_support = xml::boolean(item, "enaSupport");
  instance.ebs_optimized = xml::boolean(item, "ebsOptimized");
  const auto processors = item.child("cpuOptions");
  instance.cpu_cores = xml::number(processors, "coreCount").value_or(0);
  instance.threads_per_core = xml::number(processors, "threadsPerCore").value_or(0);
  instance.amd_sev_snp = xml::text(processors, "amdSevSnp");
  instance.nested_virtualization = xml::text(processors, "nestedVirtualization");
  instance.product_codes = xml::texts(item, "productCodes", "productCode");
  instance.licenses = xml::texts(item, "licenseSet", "licenseConfigurationArn");
}

void read_options(const pugi::xml_node& item, Instance& instance) {
  instance.source_dest_check = xml::text(item, "sourceDestCheck") != "false";
  instance.hibernation = xml::boolean(item.child("hibernationOptions"), "configured");
  instance.enclave = xml::boolean(item.child("enclaveOptions"), "enabled");
  instance.detailed_monitoring = xml::text(item.child("monitoring"), "state") == "enabled";
  const auto metadata = item.child("metadataOptions");
  instance.metadata_http_tokens = xml::text(metadata, "httpTokens");
  instance.metadata_http_endpoint = xml::text(metadata, "httpEndpoint");
  instance.metadata_hop_limit = xml::number(metadata, "httpPutResponseHopLimit").value_or(0);
  instance.metadata_tags = xml::text(metadata, "instanceMetadataTags");
  instance.metadata_ipv6 = xml::text(metadata, "httpProtocolIpv6");
  const auto maintenance = item.child("maintenanceOptions");
  instance.auto_recovery = xml::text(maintenance, "autoRecovery");
  instance.reboot_migration = xml::text(maintenance, "rebootMigration");
  instance.bandwidth_weighting =
      xml::text(item.child("networkPerformanceOptions"), "bandwidthWeighting");
  if (const auto names = item.child("privateDnsNameOptions")) {
    instance.hostname_type = xml::text(names, "hostnameType");
    instance.dns_a_record = xml::boolean(names, "enableResourceNameDnsARecord");
    instance.dns_aaaa_record = xml::boolean(names, "enableResourceNameDnsAAAARecord");
  }
}

/// The principal is not always told.
std::string read_manager(const pugi::xml_node& managed) {
  if (!xml::boolean(managed, "managed")) {
    return {};
  }
  const auto principal = xml::text(managed, "principal");
  return principal.empty() ? "a service of AWS" : principal;
}

}  // namespace

Instance read_how_it_is(const pugi::xml_node& item) {
  Instance instance;
  instance.id = InstanceId(xml::text(item, "instanceId"));
  instance.state = read_instance_state(item.child("instanceState"));
  instance.state_reason_code = xml::text(item.child("stateReason"), "code");
  instance.state_reason = xml::text(item.child("stateReason"), "message");
  instance.transition_reason = xml::text(item, "reason");
  instance.launched = xml::time(item, "launchTime");
  instance.tags = xml::tags(item);
  return instance;
}

Instance read_instance(const pugi::xml_node& item) {
  auto instance = read_how_it_is(item);
  instance.type = xml::text(item, "instanceType");
  instance.image = xml::text(item, "imageId");
  instance.key_name = xml::text(item, "keyName");
  instance.instance_profile_arn = xml::text(item.child("iamInstanceProfile"), "arn");
  instance.lifecycle = xml::text(item, "instanceLifecycle");
  instance.spot_request = xml::text(item, "spotInstanceRequestId");
  instance.managed_by = read_manager(item.child("operator"));
  instance.volumes = read_volumes(item);
  read_placement(item, instance);
  read_machine(item, instance);
  read_options(item, instance);
  instance.root_device_name = root_device_of(instance);
  return instance;
}

}  // namespace pitstop::ec2
