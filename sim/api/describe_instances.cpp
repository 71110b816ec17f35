#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/instance_view.hpp"

namespace pitstop::sim::actions {
namespace {

/// Puts instances into <reservationSet>, those of one launch together.
class Reservations {
 public:
  Reservations(pugi::xml_node set, std::string_view owner) : set_(set), owner_(owner) {}

  pugi::xml_node next_item(const SeenInstance& seen) {
    if (seen.instance.settings.reservation.empty()) {
      return begin(seen).append_child("item");
    }
    auto& instances = of_launches_[seen.instance.settings.reservation];
    if (!instances) {
      instances = begin(seen);
    }
    return instances.append_child("item");
  }

 private:
  pugi::xml_node begin(const SeenInstance& seen) {
    auto item = set_.append_child("item");
    xml::put(item, "reservationId", seen.reservation());
    xml::put(item, "ownerId", owner_);
    item.append_child("groupSet");
    return item.append_child("instancesSet");
  }

  pugi::xml_node set_;
  std::string_view owner_;
  std::map<std::string, pugi::xml_node> of_launches_;
};

}  // namespace

Answer<void> describe_instances(ActionCall& call) {
  const Catalogue<SeenInstance> catalogue{"InstanceId", instance_ids, instance_filters(),
                                          "reservationSet", write_instance};
  TRY_STATUS(call.form.boolean("IncludeManagedResources"));
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  Reservations reservations(call.answer.append_child(catalogue.set), call.region.account);
  return for_each_asked(
      call, catalogue, inquiry, call.region.instances,
      [&](const Instance& instance) { return look_at(call.region, instance, call.seen); },
      [&](const SeenInstance& seen) { write_instance(reservations.next_item(seen), seen); });
}

}  // namespace pitstop::sim::actions
