#pragma once

#include <string>

#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The arguments of `pitstop show`, as they were typed.
struct ShowArguments {
  std::string run;  ///< the latest if empty
  bool failed = false;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_show(CLI::App& app, ShowArguments& arguments);

/// Runs it, from the reading of the journal to the last line. An error means that nothing was
/// written.
Status run_show(const ShowArguments& arguments, const GlobalOptions& options,
                const Surroundings& surroundings);

}  // namespace pitstop
