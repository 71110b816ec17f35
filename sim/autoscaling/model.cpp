#include "sim/autoscaling/model.hpp"

#include <algorithm>

namespace pitstop::sim {

std::string_view to_string(Lifecycle lifecycle) {
  switch (lifecycle) {
    case Lifecycle::pending:
      return "Pending";
    case Lifecycle::in_service:
      return "InService";
    case Lifecycle::entering_standby:
      return "EnteringStandby";
    case Lifecycle::standby:
      return "Standby";
    case Lifecycle::terminating:
      return "Terminating";
  }
  return "";
}

Member* ScalingGroup::find(const InstanceId& instance) {
  const auto found = std::ranges::find(members, instance, &Member::instance);
  return found == members.end() ? nullptr : &*found;
}

}  // namespace pitstop::sim
