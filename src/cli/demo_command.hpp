#pragma once

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The arguments of `pitstop demo`, as they were typed.
struct DemoArguments {
  double speed = 120;
  std::uint64_t seed = 1;
  std::string start_when = "progress";
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_demo(CLI::App& app, DemoArguments& arguments);

/// Backs up the servers of a simulated EC2, and tells what that cost.
Task<ExitStatus> run_demo(DemoArguments arguments, GlobalOptions options,
                          Surroundings& surroundings);

}  // namespace pitstop
