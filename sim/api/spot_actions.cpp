#include <array>

#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/instance_view.hpp"

namespace pitstop::sim::actions {
namespace {

constexpr auto spot_request_filters = std::to_array<FilterRow<SeenInstance>>({
    {"instance-id", [](const auto& s, auto& m) { m.offer(s.instance.id.str()); }},
    {"spot-instance-request-id",
     [](const auto& s, auto& m) { m.offer(s.instance.settings.spot_request); }},
    {"type",
     [](const auto& s, auto& m) {
       m.offer(s.instance.settings.spot_is_persistent ? "persistent" : "one-time");
     }},
});

void write_request(xml::Element item, const SeenInstance& seen) {
  const auto& settings = seen.instance.settings;
  xml::put(item, "spotInstanceRequestId", settings.spot_request);
  xml::put(item, "type", settings.spot_is_persistent ? "persistent" : "one-time");
  xml::put(item, "state", "active");
  xml::put(item, "instanceId", seen.instance.id.str());
}

}  // namespace

/// Each request has the instance that it was fulfilled with.
Answer<void> describe_spot_instance_requests(ActionCall& call) {
  const Catalogue<SeenInstance> catalogue{"SpotInstanceRequestId", spot_request_ids,
                                          spot_request_filters, "spotInstanceRequestSet",
                                          write_request};
  std::map<std::string, const Instance*> requests;
  for (const auto& [id, instance] : call.region.instances) {
    if (!instance.settings.spot_request.empty()) {
      requests.emplace(instance.settings.spot_request, &instance);
    }
  }
  return describe(call, catalogue, requests, [&](const Instance* instance) {
    return look_at(call.region, *instance, call.seen);
  });
}

}  // namespace pitstop::sim::actions
