#include "cli/guard_command.hpp"

#include <CLI/CLI.hpp>

#include "cli/exit_status.hpp"
#include "cli/guard_template.hpp"

namespace pitstop {

// Declaration.

namespace {

constexpr auto what_it_is = R"(What starts a server if pitstop itself no longer can.

Before each stop a schedule is made at EventBridge Scheduler, which starts the server once a minute
from the time on at which it should be up. Once it is up, the schedule is deleted. It needs a role
that may start servers.)";

constexpr auto what_the_template_is =
    R"(Print a CloudFormation template of the role that the guard needs.

The role may start instances of the account that carry the tag pitstop:down, which pitstop sets
before a stop, and nothing else. A policy with what pitstop itself needs for the guard is there,
too. Asks nothing of AWS.)";

constexpr auto how_to_use_it = R"(Examples:
  pitstop guard template >pitstop-guard.yaml
  aws cloudformation deploy --stack-name pitstop-guard --template-file pitstop-guard.yaml \
      --capabilities CAPABILITY_IAM
  aws cloudformation describe-stacks --stack-name pitstop-guard --query 'Stacks[0].Outputs'

Then attach the policy GuardUserPolicyArn to whoever runs pitstop, and say
  pitstop backup INSTANCE --guard-role ARN
with the GuardRoleArn. The role may use all KMS keys of the account for the servers' volumes; to
name the only ones that it may use, or one of another account, deploy with
  --parameter-overrides KmsKeyArns=ARN,ARN

)";

void declare_template(CLI::App& guard) {
  auto* command = guard.add_subcommand("template", what_the_template_is);
  command->footer(how_to_use_it + exit_status_help({ExitStatus::done, ExitStatus::usage}));
}

}  // namespace

CLI::App* declare_guard(CLI::App& app) {
  auto* command = app.add_subcommand("guard", what_it_is);
  command->require_subcommand(1);
  command->footer("Begin with:\n  pitstop guard template --help\n");
  declare_template(*command);
  return command;
}

// Run.

void run_guard_template(const Surroundings& surroundings) {
  surroundings.output << guard_template() << std::flush;
}

}  // namespace pitstop
