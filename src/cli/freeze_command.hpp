#pragma once

#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// `pitstop freeze template`: what a server needs for `pitstop backup --online --freeze`.
CLI::App* declare_freeze(CLI::App& app);

void run_freeze_template(const Surroundings& surroundings);

}  // namespace pitstop
