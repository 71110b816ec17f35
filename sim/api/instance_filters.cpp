#include <algorithm>
#include <array>

#include "sim/api/instance_view.hpp"
#include "sim/api/network.hpp"
#include "sim/cloud/addresses.hpp"

namespace pitstop::sim {
namespace {

using Row = FilterRow<SeenInstance>;

const InstanceSettings& settings(const SeenInstance& seen) {
  return seen.instance.settings;
}

/// Offers one text of each volume that is attached.
template <class Text>
void offer_attachments(const SeenInstance& seen, Match& match, Text text) {
  for (const auto& attachment : seen.instance.attachments) {
    match.offer(text(attachment));
  }
}

void offer_groups(const SeenInstance& seen, Match& match) {
  for (const auto& group : settings(seen).security_groups) {
    match.offer(group);
  }
}

constexpr std::array of_the_state = std::to_array<Row>({
    {"instance-state-code",
     [](const auto& i, auto& m) { m.offer_number(static_cast<int>(i.state())); }},
    {"instance-state-name", [](const auto& i, auto& m) { m.offer(to_string(i.state())); }},
    {"instance-id", [](const auto& i, auto& m) { m.offer(i.instance.id.str()); }},
    {"launch-time", [](const auto& i, auto& m) { m.offer_time(i.wall(i.instance.launched)); }},
    {"reason", [](const auto& i, auto& m) { m.offer(i.change.transition_reason); }},
    {"state-reason-code", [](const auto& i, auto& m) { m.offer(i.change.reason_code); }},
    {"state-reason-message", [](const auto& i, auto& m) { m.offer(i.change.reason_message); }},
});

constexpr std::array of_the_launch = std::to_array<Row>({
    {"client-token", [](const auto& i, auto& m) { m.offer(settings(i).client_token); }},
    {"image-id", [](const auto& i, auto& m) { m.offer(settings(i).image.str()); }},
    {"key-name", [](const auto& i, auto& m) { m.offer(settings(i).key_name); }},
    {"launch-index", [](const auto& i, auto& m) { m.offer_number(settings(i).launch_index); }},
    {"owner-id", [](const auto& i, auto& m) { m.offer(i.region.account); }},
    {"product-code", [](const auto&, auto&) {}},
    {"reservation-id", [](const auto& i, auto& m) { m.offer(i.reservation()); }},
});

constexpr std::array of_the_machine = std::to_array<Row>({
    {"architecture", [](const auto& i, auto& m) { m.offer(settings(i).architecture); }},
    {"boot-mode", [](const auto& i, auto& m) { m.offer(settings(i).boot_mode); }},
    {"ebs-optimized", [](const auto& i, auto& m) { m.offer_boolean(settings(i).ebs_optimized); }},
    {"ena-support", [](const auto& i, auto& m) { m.offer_boolean(settings(i).ena_support); }},
    {"enclave-options.enabled",
     [](const auto& i, auto& m) { m.offer_boolean(settings(i).enclave); }},
    {"hibernation-options.configured",
     [](const auto& i, auto& m) { m.offer_boolean(settings(i).hibernation); }},
    {"hypervisor", [](const auto&, auto& m) { m.offer("xen"); }},
    {"iam-instance-profile.arn",
     [](const auto& i, auto& m) { m.offer(settings(i).instance_profile_arn); }},
    {"instance-lifecycle", [](const auto& i, auto& m) { m.offer(settings(i).lifecycle); }},
    {"instance-type", [](const auto& i, auto& m) { m.offer(settings(i).type); }},
    {"metadata-options.http-endpoint",
     [](const auto& i, auto& m) { m.offer(settings(i).metadata_http_endpoint); }},
    {"metadata-options.http-tokens",
     [](const auto& i, auto& m) { m.offer(settings(i).metadata_http_tokens); }},
    {"metadata-options.instance-metadata-tags",
     [](const auto& i, auto& m) { m.offer(settings(i).metadata_tags); }},
    {"monitoring-state",
     [](const auto& i, auto& m) {
       m.offer(settings(i).detailed_monitoring ? "enabled" : "disabled");
     }},
    {"platform",
     [](const auto& i, auto& m) {
       if (settings(i).platform_details.starts_with("Windows")) {
         m.offer("windows");
       }
     }},
    {"platform-details", [](const auto& i, auto& m) { m.offer(settings(i).platform_details); }},
    {"root-device-name", [](const auto& i, auto& m) { m.offer(settings(i).root_device_name); }},
    {"root-device-type", [](const auto& i, auto& m) { m.offer(settings(i).root_device_type); }},
    {"tenancy", [](const auto& i, auto& m) { m.offer(settings(i).tenancy); }},
    {"tpm-support", [](const auto& i, auto& m) { m.offer(settings(i).tpm_support); }},
    {"usage-operation", [](const auto& i, auto& m) { m.offer(settings(i).usage_operation); }},
    {"virtualization-type", [](const auto& i, auto& m) { m.offer(settings(i).virtualization); }},
});

constexpr std::array of_the_volumes = std::to_array<Row>({
    {"block-device-mapping.attach-time",
     [](const auto& i, auto& m) {
       offer_attachments(i, m, [&](const Attachment& a) { return rfc3339(i.wall(a.since)); });
     }},
    {"block-device-mapping.delete-on-termination",
     [](const auto& i, auto& m) {
       offer_attachments(
           i, m, [](const Attachment& a) { return a.delete_on_termination ? "true" : "false"; });
     }},
    {"block-device-mapping.device-name",
     [](const auto& i, auto& m) {
       offer_attachments(i, m, [](const Attachment& a) { return a.device; });
     }},
    {"block-device-mapping.status",
     [](const auto& i, auto& m) {
       offer_attachments(i, m, [](const Attachment&) { return "attached"; });
     }},
    {"block-device-mapping.volume-id",
     [](const auto& i, auto& m) {
       offer_attachments(i, m, [](const Attachment& a) { return a.volume.str(); });
     }},
});

constexpr std::array of_the_network = std::to_array<Row>({
    {"availability-zone", [](const auto& i, auto& m) { m.offer(settings(i).zone); }},
    {"availability-zone-id", [](const auto& i, auto& m) { m.offer(zone_id(settings(i).zone)); }},
    {"capacity-reservation-specification.capacity-reservation-preference",
     [](const auto& i, auto& m) { m.offer(settings(i).capacity_preference); }},
    {"dns-name", [](const auto& i, auto& m) { m.offer(public_dns_name(i.region, i.public_ip())); }},
    {"instance.group-id", offer_groups},
    {"instance.group-name", [](const auto&, auto& m) { m.offer("default"); }},
    {"ip-address", [](const auto& i, auto& m) { m.offer(i.public_ip()); }},
    {"network-interface.group-id", offer_groups},
    {"network-interface.network-interface-id",
     [](const auto& i, auto& m) { m.offer(i.instance.network_interface); }},
    {"network-interface.private-ip-address",
     [](const auto& i, auto& m) { m.offer(settings(i).private_ip); }},
    {"network-interface.subnet-id", [](const auto& i, auto& m) { m.offer(settings(i).subnet); }},
    {"network-interface.vpc-id", [](const auto& i, auto& m) { m.offer(vpc_id(i.region)); }},
    {"placement-group-name", [](const auto& i, auto& m) { m.offer(settings(i).placement_group); }},
    {"private-dns-name",
     [](const auto& i, auto& m) { m.offer(private_dns_name(i.region, settings(i).private_ip)); }},
    {"private-ip-address", [](const auto& i, auto& m) { m.offer(settings(i).private_ip); }},
    {"source-dest-check",
     [](const auto& i, auto& m) { m.offer_boolean(settings(i).source_dest_check); }},
    {"subnet-id", [](const auto& i, auto& m) { m.offer(settings(i).subnet); }},
    {"vpc-id", [](const auto& i, auto& m) { m.offer(vpc_id(i.region)); }},
});

/// All of them, one after the other.
template <std::size_t... sizes>
constexpr auto joined(const std::array<Row, sizes>&... parts) {
  std::array<Row, (sizes + ...)> all{};
  auto next = all.begin();
  ((next = std::ranges::copy(parts, next).out), ...);
  return all;
}

constexpr auto table =
    joined(of_the_state, of_the_launch, of_the_machine, of_the_volumes, of_the_network);

}  // namespace

std::span<const FilterRow<SeenInstance>> instance_filters() {
  return table;
}

}  // namespace pitstop::sim
