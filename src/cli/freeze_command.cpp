#include "cli/freeze_command.hpp"

#include <CLI/CLI.hpp>

#include "cli/exit_status.hpp"
#include "cli/freeze_template.hpp"

namespace pitstop {

// Declaration.

namespace {

constexpr auto what_freeze_is = R"(What freezes a server that is backed up without a stop.

pitstop backup --online --freeze has the SSM agent of a server freeze its data file systems (ext4,
xfs, btrfs) while EC2 begins the snapshots: for some seconds their writers wait. They thaw by
themselves after 30 seconds, whatever happens. The root is never frozen.)";

constexpr auto what_the_document_is =
    R"(Print a CloudFormation template of the document that freezes.

It is needed in each region that has such servers. Asks nothing of AWS.)";

constexpr auto how_to_deploy_it = R"(Examples:
  pitstop freeze template >pitstop-freeze.yaml
  aws cloudformation deploy --stack-name pitstop-freeze --template-file pitstop-freeze.yaml

The servers run the SSM agent, under a role with the policy AmazonSSMManagedInstanceCore; whoever
runs pitstop has what pitstop iam-policy --online --freeze prints.

)";

void declare_freeze_template(CLI::App& freeze) {
  auto* command = freeze.add_subcommand("template", what_the_document_is);
  command->footer(how_to_deploy_it + exit_status_help({ExitStatus::done, ExitStatus::usage}));
}

}  // namespace

CLI::App* declare_freeze(CLI::App& app) {
  auto* command = app.add_subcommand("freeze", what_freeze_is);
  command->require_subcommand(1);
  command->footer("Begin with:\n  pitstop freeze template --help\n");
  declare_freeze_template(*command);
  return command;
}

// Run.

void run_freeze_template(const Surroundings& surroundings) {
  surroundings.output << freeze_template() << std::flush;
}

}  // namespace pitstop
