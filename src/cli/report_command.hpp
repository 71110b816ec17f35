#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The arguments of `pitstop report`, as they were typed.
struct ReportArguments {
  std::vector<std::string> instances;
  std::optional<std::string> since;
  std::optional<std::string> until;
  std::optional<std::string> cadence;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_report(CLI::App& app, ReportArguments& arguments);

/// Runs it, from the reading of the arguments to the last figure. An error means that nothing was
/// written.
Status run_report(const ReportArguments& arguments, const GlobalOptions& options,
                  const Surroundings& surroundings);

}  // namespace pitstop
