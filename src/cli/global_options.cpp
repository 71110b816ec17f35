#include "cli/global_options.hpp"

#include <CLI/CLI.hpp>

namespace pitstop {

void declare_global_options(CLI::App& app, GlobalOptions& options) {
  const auto group = "Options of every command";
  app.add_option("--region", options.identity.region,
                 "AWS region (else AWS_REGION, AWS_DEFAULT_REGION, the profile's)")
      ->type_name("REGION")
      ->group(group);
  app.add_option("--profile", options.identity.profile,
                 "Profile of ~/.aws/config and ~/.aws/credentials")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--endpoint-url", options.identity.endpoint_url, "Where EC2 is, if not at AWS")
      ->type_name("URL")
      ->group(group);
  app.add_option("--timeout", options.timeout, "How long one API call may take")
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(group);
  app.add_option("--output", options.output, "text, or json for JSON Lines")
      ->type_name("FORMAT")
      ->capture_default_str()
      ->group(group);
  app.add_option("--log-level", options.log_level, "debug, info, warning, error or off")
      ->type_name("LEVEL")
      ->capture_default_str()
      ->group(group);
}

}  // namespace pitstop
