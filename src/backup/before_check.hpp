#pragma once

#include <optional>

#include "backup/fleet.hpp"

/// What is looked at before a server is checked.
namespace pitstop {

/// The other run that has a server, by the journal of this machine or by the server's tag; an error
/// of kind `held` says which. What another run does to a server looks like many things, so this is
/// asked first.
std::optional<Error> held_by_another(const FleetTools& tools, const RunId& run,
                                     const ec2::Instance& instance);

/// As it is now, if somebody was at it when it was selected: one that starts is waited for, for up
/// to two minutes. What cannot be told leaves it as it was.
Task<SelectedServer> settled(FleetTools tools, ec2::Caller& caller, SelectedServer server);

}  // namespace pitstop
