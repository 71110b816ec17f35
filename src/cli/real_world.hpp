#pragma once

#include <string>
#include <vector>

namespace pitstop {

/// Runs pitstop with the machine's own clock, chance, network, terminal and signals; returns the
/// exit status.
///
/// A signal asks to end: no further server is stopped, and those that are down are started. A
/// second Ctrl-C at the terminal ends at once and says which servers are down (`signals.hpp`). What
/// keeps the process from beginning or going on is one error.
int run_in_real_world(std::vector<std::string> arguments);

}  // namespace pitstop
