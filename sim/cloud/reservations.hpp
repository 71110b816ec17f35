#pragma once

#include "sim/cloud/region.hpp"

namespace pitstop::sim {

/// CreateCapacityReservation; refused during a shortage, unless running instances that match fill
/// it.
Answer<std::string> create_reservation(Region& region, CapacityReservation reservation);
Answer<void> cancel_reservation(Region& region, const std::string& id);

/// Places that no running instance fills.
int available_places(const Region& region, const CapacityReservation& reservation);

/// May this instance start now: is there room, or a reserved place for it?
bool has_place(const Region& region, const Instance& instance);

}  // namespace pitstop::sim
