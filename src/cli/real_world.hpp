#pragma once

#include <string>
#include <vector>

namespace pitstop {

/// Runs pitstop with the machine's own clock, chance, network, terminal and signals; returns the
/// exit status.
///
/// The first SIGINT or SIGTERM asks to end: no further server is stopped, those that are down come
/// back. The second ends at once and says which servers are down. SIGHUP and a closed terminal
/// change nothing.
int run_in_real_world(std::vector<std::string> arguments);

}  // namespace pitstop
