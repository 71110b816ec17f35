#include <map>

#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/instance_view.hpp"

namespace pitstop::sim::actions {
namespace {

using Reservation = std::vector<const SeenInstance*>;

/// Those of one launch together, where the first of them stands.
std::vector<Reservation> reservations_of(const std::vector<SeenInstance>& instances) {
  std::vector<Reservation> reservations;
  std::map<std::string_view, std::size_t> of_launches;
  for (const auto& seen : instances) {
    const std::string_view launch = seen.instance.settings.reservation;
    const bool alone = launch.empty();
    const bool first = alone || of_launches.try_emplace(launch, reservations.size()).second;
    if (first) {
      reservations.emplace_back();
    }
    reservations[alone ? reservations.size() - 1 : of_launches[launch]].push_back(&seen);
  }
  return reservations;
}

void write_reservation(xml::Element item, const Reservation& reservation) {
  const auto& first = *reservation.front();
  xml::put(item, "reservationId", first.reservation());
  xml::put(item, "ownerId", first.region.account);
  item.append_child("groupSet");
  const auto instances = item.append_child("instancesSet");
  for (const auto* seen : reservation) {
    write_instance(instances.append_child("item"), *seen);
  }
}

}  // namespace

Answer<void> describe_instances(ActionCall& call) {
  const Catalogue<SeenInstance> catalogue{"InstanceId", instance_ids, instance_filters(),
                                          "reservationSet", write_instance};
  TRY_STATUS(call.form.boolean("IncludeManagedResources"));
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  const auto look = [&](const Instance& instance) {
    return look_at(call.region, instance, call.seen);
  };
  TRY(const auto found, find_asked(call, catalogue, inquiry, call.region.instances, look));
  const auto set = call.answer.append_child(catalogue.set);
  for (const auto& reservation : reservations_of(found.things)) {
    write_reservation(set.append_child("item"), reservation);
  }
  put_next_token(call, found.next_token);
  return {};
}

}  // namespace pitstop::sim::actions
