#include "sim/api/launch_request.hpp"

#include <fmt/format.h>

#include "base/packing.hpp"
#include "base/text.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/instance_types.hpp"

namespace pitstop::sim {
namespace {

/// EC2's quotas count processors; this is about the most that a fresh account may have.
constexpr int most_instances = 1000;
constexpr std::size_t longest_user_data = 16384;

Answer<void> read_count(FormReader& form, LaunchRequest& request) {
  TRY_STATUS(form.required("MinCount"));
  TRY_STATUS(form.required("MaxCount"));
  TRY(const auto least, form.number("MinCount"));
  TRY(const auto most, form.number("MaxCount"));
  if (*least < 1 || *most < *least) {
    return refuse("InvalidParameterValue",
                  fmt::format("Value ({}) for parameter minCount is invalid. It is not between 1 "
                              "and maxCount ({})",
                              *least, *most));
  }
  if (*most > most_instances) {
    return refuse("InstanceLimitExceeded",
                  fmt::format("You have requested more instances ({}) than your current instance "
                              "limit of {} allows for the specified instance type.",
                              *most, most_instances));
  }
  request.least = *least;
  request.most = *most;
  return {};
}

Answer<void> read_type(FormReader& form, LaunchRequest& request) {
  TRY(request.settings.type, form.required("InstanceType"));
  const auto* type = instance_type(request.settings.type);
  if (type == nullptr) {
    return refuse("InvalidParameterValue", fmt::format("Invalid value '{}' for InstanceType.",
                                                       printable(request.settings.type)));
  }
  TRY(request.cpu_cores, form.number("CpuOptions.CoreCount"));
  TRY(request.threads_per_core, form.number("CpuOptions.ThreadsPerCore"));
  TRY(request.settings.cpu_credits,
      form.choice("CreditSpecification.CpuCredits", {"standard", "unlimited"}));
  if (!request.settings.cpu_credits.empty() && !type->burstable) {
    return refuse(
        "InvalidParameterCombination",
        fmt::format("The instance type {} does not support credit specifications.", type->name));
  }
  return {};
}

Answer<void> read_user_data(FormReader& form, InstanceSettings& settings) {
  settings.user_data = form.text("UserData");
  const auto data = from_base64(settings.user_data);
  if (!data) {
    return refuse("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  if (data->size() > longest_user_data) {
    return refuse("InvalidParameterValue",
                  fmt::format("User data is limited to {} bytes", longest_user_data));
  }
  return {};
}

/// Addresses that are named, or how many there are to be.
Answer<void> read_addresses(FormReader& form, const std::string& item, LaunchRequest& request) {
  auto& settings = request.settings;
  settings.private_ip = form.text(item + "PrivateIpAddress");
  for (const auto& address : form.items(item + "PrivateIpAddresses")) {
    TRY(const bool primary, form.boolean(address + "Primary"));
    TRY(auto ip, form.required(address + "PrivateIpAddress"));
    if (primary) {
      settings.private_ip = std::move(ip);
    } else {
      settings.secondary_ips.push_back(std::move(ip));
    }
  }
  for (const auto& address : form.items(item + "Ipv6Addresses")) {
    TRY(auto ip, form.required(address + "Ipv6Address"));
    settings.ipv6_addresses.push_back(std::move(ip));
  }
  TRY(const auto secondary, form.number(item + "SecondaryPrivateIpAddressCount"));
  TRY(const auto ipv6, form.number(item + "Ipv6AddressCount"));
  if ((secondary && !settings.secondary_ips.empty()) ||
      (ipv6 && !settings.ipv6_addresses.empty())) {
    return refuse("InvalidParameterCombination",
                  "Addresses and their number may not be specified on the same request");
  }
  request.secondary_ips = secondary.value_or(0);
  request.ipv6_addresses = ipv6.value_or(0);
  return {};
}

/// Terraform and the console name subnet and groups here when they ask for a public address.
Answer<void> read_network_interface(FormReader& form, LaunchRequest& request) {
  auto& settings = request.settings;
  const std::string item = "NetworkInterface.1.";
  if (!form.has(item)) {
    return {};
  }
  if (!settings.subnet.empty() || !settings.security_groups.empty()) {
    return refuse("InvalidParameterCombination",
                  "Network interfaces and an instance-level subnet ID may not be specified on the "
                  "same request");
  }
  TRY(const auto index, form.number(item + "DeviceIndex"));
  if (index.value_or(0) != 0) {
    return refuse("InvalidParameterValue", "The first network interface has the device index 0");
  }
  settings.subnet = form.text(item + "SubnetId");
  settings.security_groups = form.list(item + "SecurityGroupId");
  TRY_STATUS(read_addresses(form, item, request));
  TRY(settings.public_ip_on_start, form.boolean(item + "AssociatePublicIpAddress"));
  TRY_STATUS(form.choice(item + "DeleteOnTermination", {"true"}));
  return {};
}

Answer<void> read_place(ActionCall& call, LaunchRequest& request) {
  auto& form = call.form;
  auto& settings = request.settings;
  request.zone = form.text("Placement.AvailabilityZone");
  TRY(settings.tenancy, form.choice("Placement.Tenancy", {"default", "dedicated"}, "default"));
  settings.placement_group = form.text("Placement.GroupName");
  settings.subnet = form.text("SubnetId");
  settings.private_ip = form.text("PrivateIpAddress");
  settings.security_groups = form.list("SecurityGroupId");
  for (const auto& name : form.list("SecurityGroup")) {
    if (name != "default") {
      return not_found(security_group_ids, {name});
    }
  }
  TRY(settings.partition, form.number("Placement.PartitionNumber"));
  return read_network_interface(form, request);
}

Answer<void> read_metadata_options(FormReader& form, InstanceSettings& settings) {
  const std::string options = "MetadataOptions.";
  TRY(settings.metadata_http_tokens,
      form.choice(options + "HttpTokens", {"optional", "required"}, settings.metadata_http_tokens));
  TRY(settings.metadata_http_endpoint,
      form.choice(options + "HttpEndpoint", {"enabled", "disabled"},
                  settings.metadata_http_endpoint));
  TRY(settings.metadata_tags, form.choice(options + "InstanceMetadataTags", {"enabled", "disabled"},
                                          settings.metadata_tags));
  TRY(settings.metadata_ipv6,
      form.choice(options + "HttpProtocolIpv6", {"enabled", "disabled"}, settings.metadata_ipv6));
  TRY(const auto hops, form.number(options + "HttpPutResponseHopLimit"));
  settings.metadata_hop_limit = hops.value_or(settings.metadata_hop_limit);
  if (settings.metadata_hop_limit < 1 || settings.metadata_hop_limit > 64) {
    return refuse("InvalidParameterValue", "HttpPutResponseHopLimit must be between 1 and 64");
  }
  return {};
}

Answer<void> read_capacity(FormReader& form, InstanceSettings& settings) {
  const std::string specification = "CapacityReservationSpecification.";
  TRY(settings.capacity_preference,
      form.choice(specification + "CapacityReservationPreference",
                  {"open", "none", "capacity-reservations-only"}, "open"));
  settings.capacity_target =
      form.text(specification + "CapacityReservationTarget.CapacityReservationId");
  return {};
}

Answer<void> read_names(FormReader& form, InstanceSettings& settings) {
  const std::string options = "PrivateDnsNameOptions.";
  TRY(settings.hostname_type,
      form.choice(options + "HostnameType", {"ip-name", "resource-name"}, "ip-name"));
  TRY(settings.dns_a_record, form.boolean(options + "EnableResourceNameDnsARecord"));
  TRY(settings.dns_aaaa_record, form.boolean(options + "EnableResourceNameDnsAAAARecord"));
  return {};
}

Answer<void> read_options(ActionCall& call, LaunchRequest& request) {
  auto& form = call.form;
  auto& settings = request.settings;
  settings.key_name = form.text("KeyName");
  settings.instance_profile_arn = form.text("IamInstanceProfile.Arn");
  if (const auto name = form.text("IamInstanceProfile.Name"); !name.empty()) {
    settings.instance_profile_arn =
        fmt::format("arn:aws:iam::{}:instance-profile/{}", call.region.account, name);
  }
  TRY_STATUS(read_user_data(form, settings));
  TRY(settings.shutdown_behavior,
      form.choice("InstanceInitiatedShutdownBehavior", {"stop", "terminate"}, "stop"));
  TRY(request.ebs_optimized, form.optional_boolean("EbsOptimized"));
  TRY(settings.detailed_monitoring, form.boolean("Monitoring.Enabled"));
  TRY(settings.termination_protection, form.boolean("DisableApiTermination"));
  TRY(settings.stop_protection, form.boolean("DisableApiStop"));
  TRY(settings.hibernation, form.boolean("HibernationOptions.Configured"));
  TRY(settings.enclave, form.boolean("EnclaveOptions.Enabled"));
  TRY(settings.auto_recovery,
      form.choice("MaintenanceOptions.AutoRecovery", {"default", "disabled"}, "default"));
  TRY(settings.bandwidth_weighting, form.choice("NetworkPerformanceOptions.BandwidthWeighting",
                                                {"default", "vpc-1", "ebs-1"}, "default"));
  for (const auto& item : form.items("LicenseSpecification")) {
    TRY(auto arn, form.required(item + "LicenseConfigurationArn"));
    settings.licenses.push_back(std::move(arn));
  }
  TRY_STATUS(read_names(form, settings));
  TRY(settings.lifecycle, form.choice("InstanceMarketOptions.MarketType", {"spot"}));
  TRY_STATUS(read_metadata_options(form, settings));
  return read_capacity(form, settings);
}

}  // namespace

Answer<LaunchRequest> read_launch(ActionCall& call) {
  LaunchRequest request;
  TRY(request.image, read_id<ImageId>(call.form, "ImageId"));
  TRY_STATUS(read_count(call.form, request));
  TRY_STATUS(read_type(call.form, request));
  TRY_STATUS(read_place(call, request));
  TRY_STATUS(read_options(call, request));
  TRY(request.devices, read_block_devices(call.form));
  TRY(request.tags, read_tag_specifications(call.form, {"instance", "volume"}));
  request.client_token = call.form.text("ClientToken");
  return request;
}

}  // namespace pitstop::sim
