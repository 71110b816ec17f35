#pragma once

#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// Declares `pitstop guard` below `app`, with its own commands: `template`.
CLI::App* declare_guard(CLI::App& app);

/// Runs `pitstop guard template`: writes the CloudFormation template of the guard's role.
void run_guard_template(const Surroundings& surroundings);

}  // namespace pitstop
