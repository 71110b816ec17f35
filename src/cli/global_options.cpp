#include "cli/global_options.hpp"

#include <CLI/CLI.hpp>

namespace pitstop {

void declare_global_options(CLI::App& app, GlobalOptions& options) {
  app.add_option("--region", options.regions,
                 "AWS region (else $AWS_REGION, or the profile's); may be repeated")
      ->type_name("REGION")
      ->expected(1)
      ->take_all()
      ->group(global_options_group);
  app.add_option("--profile", options.identity.profile,
                 "Profile of ~/.aws/config and ~/.aws/credentials (else AWS_PROFILE)")
      ->type_name("NAME")
      ->group(global_options_group);
  app.add_option("--assume-role", options.assume_roles,
                 "Work in the account of this role; may be repeated: then in all of them")
      ->type_name("ARN")
      ->expected(1)
      ->take_all()
      ->group(global_options_group);
  app.add_option("--accounts", options.accounts,
                 "The same for the accounts of a file (else $PITSTOP_ACCOUNTS)")
      ->type_name("FILE")
      ->group(global_options_group);
  app.add_option("--endpoint-url", options.identity.endpoint_url, "Where EC2 is, if not at AWS")
      ->type_name("URL")
      ->group(global_options_group);
  app.add_option("--timeout", options.timeout, "How long one API call may take")
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(global_options_group);
  app.add_option("--state-dir", options.state_dir,
                 "Where the journal is (else $XDG_STATE_HOME/pitstop; or /var/lib/pitstop\n"
                 "for root, ~/.local/state/pitstop for others)")
      ->type_name("DIRECTORY")
      ->group(global_options_group);
  app.add_option("--output", options.output, "text, or json for JSON Lines")
      ->type_name("FORMAT")
      ->capture_default_str()
      ->group(global_options_group);
  app.add_flag("--no-color", options.no_color, "No colours on a terminal (as NO_COLOR does)")
      ->group(global_options_group);
  app.add_option("--log-level", options.log_level,
                 "debug or info (in plain lines), warning, error or off")
      ->type_name("LEVEL")
      ->capture_default_str()
      ->group(global_options_group);
}

}  // namespace pitstop
