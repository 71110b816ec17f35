#include <fmt/format.h>

#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/instance_view.hpp"
#include "sim/api/xml.hpp"
#include "sim/cloud/instances.hpp"

namespace pitstop::sim::actions {

Answer<void> modify_instance_metadata_options(ActionCall& call) {
  auto& form = call.form;
  TRY(const auto id, read_id<InstanceId>(form, "InstanceId"));
  TRY(const auto tokens, form.choice("HttpTokens", {"optional", "required"}));
  TRY(const auto endpoint, form.choice("HttpEndpoint", {"enabled", "disabled"}));
  TRY(const auto tags, form.choice("InstanceMetadataTags", {"enabled", "disabled"}));
  TRY(const auto ipv6, form.choice("HttpProtocolIpv6", {"enabled", "disabled"}));
  TRY(const auto hops, form.number("HttpPutResponseHopLimit"));
  if (hops && (*hops < 1 || *hops > 64)) {
    return refuse(
        "InvalidParameterValue",
        fmt::format("Value ({}) for parameter HttpPutResponseHopLimit is invalid.", *hops));
  }
  TRY_STATUS(call.admit());
  TRY(auto* const instance, find_instance(call.region, id));
  auto& settings = instance->settings;
  settings.metadata_http_tokens = tokens.empty() ? settings.metadata_http_tokens : tokens;
  settings.metadata_http_endpoint = endpoint.empty() ? settings.metadata_http_endpoint : endpoint;
  settings.metadata_tags = tags.empty() ? settings.metadata_tags : tags;
  settings.metadata_ipv6 = ipv6.empty() ? settings.metadata_ipv6 : ipv6;
  settings.metadata_hop_limit = hops.value_or(settings.metadata_hop_limit);
  xml::put(call.answer, "instanceId", id.str());
  write_metadata_options(call.answer, "instanceMetadataOptions", *instance);
  return {};
}

Answer<void> modify_instance_capacity_reservation_attributes(ActionCall& call) {
  const std::string specification = "CapacityReservationSpecification.";
  TRY(const auto id, read_id<InstanceId>(call.form, "InstanceId"));
  TRY(const auto preference, call.form.choice(specification + "CapacityReservationPreference",
                                              {"open", "none", "capacity-reservations-only"}));
  const auto target =
      call.form.text(specification + "CapacityReservationTarget.CapacityReservationId");
  if (preference.empty() == target.empty()) {
    return refuse("InvalidParameterCombination",
                  "Either a preference or a target must be specified");
  }
  TRY_STATUS(call.admit());
  TRY(auto* const instance, find_instance(call.region, id));
  if (instance->state() != InstanceState::stopped) {
    return refuse("IncorrectInstanceState",
                  fmt::format("The instance '{}' is not in the 'stopped' state.", id.str()));
  }
  if (!target.empty() && !call.region.reservations.contains(target)) {
    return not_found(capacity_reservation_ids, {target});
  }
  instance->settings.capacity_preference = preference;
  instance->settings.capacity_target = target;
  xml::put_success(call.answer);
  return {};
}

}  // namespace pitstop::sim::actions
