#pragma once

#include "sim/cloud/instances.hpp"

/// What the verbs of instances have in common: how a state changes, and what comes after by itself.
namespace pitstop::sim {

/// Why a state is entered, as EC2 will show it.
struct Reason {
  std::string code;
  std::string message;
  /// Stands in <reason> with the time behind it: "User initiated". Empty: <reason> is empty, too.
  std::string initiator;
};

void enter(Region& region, Instance& instance, InstanceState state, const Reason& reason);

/// Happens after `length` unless the instance has changed its state by then.
void unless_changed(Region& region, const Instance& instance, Duration length,
                    std::function<void(Region&, Instance&)> happening);

/// The guest has come to rest, or has lost its power: nobody writes on its volumes any more.
void fall_silent(Region& region, Instance& instance, FileSystem left);

/// Enters `pending` and goes on by itself: to `running`, or back to `stopped` if its start is one
/// that falls back, or the key of one of its volumes is not enabled.
void boot(Region& region, Instance& instance);

/// Enters `stopping` and goes on by itself to `stopped`.
void shut_down(Region& region, Instance& instance, StopManner manner, const Reason& reason);

/// A stop that is on its way is to end sooner: the power of a guest that has not come to rest by
/// itself soon is cut.
void hasten(Region& region, Instance& instance, StopManner manner);

}  // namespace pitstop::sim
