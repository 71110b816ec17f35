#include "cli/config_option.hpp"

#include <CLI/CLI.hpp>

namespace pitstop {

void declare_config(CLI::App& command, std::optional<std::string>& config) {
  command
      .add_option("--config", config,
                  "The file with the policies (else $PITSTOP_CONFIG; or\n"
                  "/etc/pitstop/pitstop.toml for root, ~/.config/pitstop/pitstop.toml\n"
                  "for others)")
      ->type_name("FILE")
      ->group(policies_group);
}

}  // namespace pitstop
