#pragma once

#include <string>

#include "aws/identity.hpp"
#include "base/time.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The options that every command takes, as they were typed.
struct GlobalOptions {
  IdentityOptions identity;
  std::string output = "text";
  std::string log_level = "warning";
  std::string timeout = "10s";
};

void declare_global_options(CLI::App& app, GlobalOptions& options);

}  // namespace pitstop
