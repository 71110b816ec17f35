#pragma once

#include "sim/cloud/model.hpp"

/// Whether a describing call that sees that moment finds a thing.
namespace pitstop::sim {

/// Terminated ones are shown for another hour.
inline bool is_there(const Instance& instance, Instant seen) {
  constexpr Duration shown_when_terminated = std::chrono::hours(1);
  const auto& change = instance.at(seen);
  const bool forgotten =
      change.state == InstanceState::terminated && seen - change.at > shown_when_terminated;
  return instance.created() <= seen && !forgotten;
}

inline bool is_there(const Volume& volume, Instant seen) {
  return volume.created <= seen && !(volume.deleted && *volume.deleted <= seen);
}

inline bool is_there(const Snapshot& snapshot, Instant seen) {
  return snapshot.created <= seen && !(snapshot.deleted && *snapshot.deleted <= seen);
}

inline bool is_there(const Image& image, Instant seen) {
  return image.created <= seen && !(image.deregistered && *image.deregistered <= seen);
}

/// What an address was a moment ago is not kept.
inline bool is_there(const Address& /*address*/, Instant /*seen*/) {
  return true;
}

inline bool is_there(const CapacityReservation& reservation, Instant seen) {
  return reservation.created <= seen;
}

}  // namespace pitstop::sim
