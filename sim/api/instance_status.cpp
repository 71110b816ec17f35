#include <array>

#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/instance_view.hpp"
#include "sim/api/network.hpp"

namespace pitstop::sim::actions {
namespace {

/// EC2 takes some minutes until it has looked at an instance that has begun to run.
constexpr Duration first_checks = std::chrono::minutes(2);

/// What EC2's own checks say of an instance.
struct SeenStatus {
  SeenInstance seen;
  bool runs = false;
  bool checked = false;

  std::string_view status() const {
    return !runs ? "not-applicable" : checked ? "ok" : "initializing";
  }
  std::string_view reachability() const { return checked ? "passed" : "initializing"; }
};

SeenStatus status_of(const SeenInstance& seen, Instant when) {
  const bool runs = seen.state() == InstanceState::running;
  return {seen, runs, runs && when - seen.change.at >= first_checks};
}

void offer_status(const SeenStatus& status, Match& match) {
  match.offer(status.status());
}

void offer_reachability(const SeenStatus& status, Match& match) {
  if (status.runs) {
    match.offer(status.reachability());
  }
}

template <auto member>
void offer_events(const SeenStatus& status, Match& match) {
  for (const auto& event : status.seen.instance.events) {
    match.offer(event.*member);
  }
}

constexpr auto status_filters = std::to_array<FilterRow<SeenStatus>>({
    {"attached-ebs-status.status", offer_status},
    {"availability-zone", [](const auto& s, auto& m) { m.offer(s.seen.instance.settings.zone); }},
    {"availability-zone-id",
     [](const auto& s, auto& m) { m.offer(zone_id(s.seen.instance.settings.zone)); }},
    {"event.code", offer_events<&PlannedEvent::code>},
    {"event.description", offer_events<&PlannedEvent::description>},
    {"event.instance-event-id", offer_events<&PlannedEvent::id>},
    {"instance-state-code",
     [](const auto& s, auto& m) { m.offer_number(static_cast<int>(s.seen.state())); }},
    {"instance-state-name", [](const auto& s, auto& m) { m.offer(to_string(s.seen.state())); }},
    {"instance-status.reachability", offer_reachability},
    {"instance-status.status", offer_status},
    {"system-status.reachability", offer_reachability},
    {"system-status.status", offer_status},
});

void write_check(xml::Element item, const char* name, const SeenStatus& status) {
  auto check = item.append_child(name);
  xml::put(check, "status", status.status());
  if (status.runs) {
    auto detail = check.append_child("details").append_child("item");
    xml::put(detail, "name", "reachability");
    xml::put(detail, "status", status.reachability());
  }
}

void write_events(xml::Element item, const SeenInstance& seen) {
  if (seen.instance.events.empty()) {
    return;
  }
  auto set = item.append_child("eventsSet");
  for (const auto& planned : seen.instance.events) {
    auto event = set.append_child("item");
    xml::put(event, "instanceEventId", planned.id);
    xml::put(event, "code", planned.code);
    xml::put(event, "description", planned.description);
    xml::put_time(event, "notBefore", seen.region.schedule.wall(planned.not_before));
  }
}

void write_status(xml::Element item, const SeenStatus& status) {
  const auto& instance = status.seen.instance;
  xml::put(item, "instanceId", instance.id.str());
  xml::put(item, "availabilityZone", instance.settings.zone);
  xml::put(item, "availabilityZoneId", zone_id(instance.settings.zone));
  xml::put_state(item, "instanceState", status.seen.state());
  write_check(item, "systemStatus", status);
  write_check(item, "instanceStatus", status);
  write_check(item, "attachedEbsStatus", status);
  write_events(item, status.seen);
}

}  // namespace

Answer<void> describe_instance_status(ActionCall& call) {
  const Catalogue<SeenStatus> catalogue{
      "InstanceId", instance_ids, status_filters, "instanceStatusSet", write_status, {}, 100};
  TRY_STATUS(call.form.boolean("IncludeManagedResources"));
  TRY(const bool all, call.form.boolean("IncludeAllInstances"));
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  auto set = call.answer.append_child(catalogue.set);
  // One that is not running is found by its id all the same, and only not shown.
  return for_each_asked(
      call, catalogue, inquiry, call.region.instances,
      [&](const Instance& instance) -> std::optional<SeenStatus> {
        const auto seen = look_at(call.region, instance, call.seen);
        const bool hidden = seen && !all && seen->state() != InstanceState::running;
        if (!seen || (hidden && inquiry.ids.empty())) {
          return std::nullopt;
        }
        return status_of(*seen, call.seen);
      },
      [&](const SeenStatus& status) {
        if (all || status.runs) {
          write_status(set.append_child("item"), status);
        }
      });
}

}  // namespace pitstop::sim::actions
