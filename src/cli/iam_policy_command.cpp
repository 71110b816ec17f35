#include "cli/iam_policy_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "aws/partition.hpp"
#include "backup/iam_policy.hpp"
#include "backup/tag_protection.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "cli/backup_request.hpp"
#include "cli/exit_status.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_iam_policy(CLI::App& app, IamPolicyArguments& arguments) {
  auto* command = app.add_subcommand(
      "iam-policy",
      "Print the least that pitstop needs of IAM, as a policy in JSON.\n\n"
      "For the commands that are named: backup, check, recover, list, show, restore, rollback,\n"
      "prune, copy, or run for all that policies may do (default: backup with check and recover).\n"
      "Attach it to whoever runs pitstop. Other commands need no policy.\n"
      "--region, --account and --partition narrow its ARNs down. Asks nothing of AWS.\n\n"
      "protect prints a service control policy instead: it denies everybody but the roles of\n"
      "--role to write or remove tags whose keys begin with \"pitstop:\". Attach it to the "
      "account\n"
      "or the organizational unit of the servers. An account without AWS Organizations can use it\n"
      "as a permissions boundary, or attach it to those who may tag.");
  command->add_option("commands", arguments.commands, "The commands that will be run")
      ->type_name("COMMAND");
  command->add_option("--account", arguments.account, "The account of the servers (default: any)")
      ->type_name("ID");
  command
      ->add_option("--partition", arguments.partition,
                   "aws, aws-cn, aws-us-gov, … (default: that of --region, else aws)")
      ->type_name("NAME");
  command
      ->add_option("--guard-role", arguments.guard_role,
                   "With what the guard needs, by this role: see pitstop guard template")
      ->type_name("ARN");
  command->add_flag("--reserve-capacity", arguments.reserve_capacity,
                    "With what backup --reserve-capacity needs");
  command->add_option("--method", arguments.method, "With what backup --method image needs, too")
      ->type_name("METHOD");
  command->add_flag("--online", arguments.online,
                    "For backups without a stop only: --online, --data-volumes-unmounted");
  command->add_flag("--detached-volume", arguments.detached_volume,
                    "With what backup --detached-volume needs");
  command->add_flag("--freeze", arguments.freeze, "With what backup --online --freeze needs");
  command->add_flag("--prime", arguments.prime, "With what backup --prime needs");
  command->add_flag("--standby", arguments.standby, "With what backup --standby needs");
  command->add_flag("--drain", arguments.drain, "With what backup --drain needs");
  command->add_flag("--fast-snapshot-restore", arguments.fast_snapshot_restore,
                    "With what restore --fast-snapshot-restore needs, and what ends it");
  command
      ->add_option("--role", arguments.roles,
                   "Of protect: whoever runs pitstop, a role or a user; may be repeated, and have\n"
                   "wildcards: arn:aws:iam::*:role/pitstop")
      ->type_name("ARN")
      ->expected(1)
      ->take_all();
  command->footer(
      "Examples:\n"
      "  pitstop iam-policy >pitstop-policy.json\n"
      "  aws iam create-policy --policy-name pitstop --policy-document file://pitstop-policy.json\n"
      "  pitstop iam-policy check --region eu-central-1 --account 123456789012\n"
      "  pitstop iam-policy protect --role 'arn:aws:iam::*:role/pitstop' >protect.json\n"
      "  aws organizations create-policy --type SERVICE_CONTROL_POLICY --name pitstop-tags \\\n"
      "    --description 'tags of pitstop' --content file://protect.json\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::usage}));
  return command;
}

// Run.

namespace {

constexpr std::array need_policy{"backup",  "check",    "recover", "list", "show",
                                 "restore", "rollback", "prune",   "copy", "run"};

/// What asks nothing of AWS.
bool needs_no_policy(const std::string& command) {
  constexpr std::array those{"report", "policy", "guard", "freeze", "iam-policy", "demo"};
  return contains(those, std::string_view(command));
}

/// A policy of `pitstop run` may have any option of `backup` and `copy`. Only the guard needs to be
/// told: its role is named in the policy.
void add_all_that_policies_may_do(PolicyScope& scope) {
  scope.reserves_capacity = true;
  scope.makes_images = true;
  scope.freezes = true;
  scope.takes_detached = true;
  scope.removes_primes = true;
  scope.standby = true;
  scope.drain = true;
}

Status choose_commands(const std::vector<std::string>& commands, PolicyScope& scope) {
  for (const auto& command : commands) {
    if (!contains(need_policy, std::string_view(command)) && !needs_no_policy(command)) {
      return fail(ErrorKind::usage, fmt::format("{} is not a command", in_quotes(command)),
                  "those that need a policy are backup, check, recover, list, show, restore, "
                  "rollback, prune, copy and run");
    }
  }
  const bool runs_policies = contains(commands, "run");
  scope.restores = contains(commands, "restore");
  scope.prunes = contains(commands, "prune") || runs_policies;
  scope.copies = contains(commands, "copy") || runs_policies;
  scope.lists = contains(commands, "list") || contains(commands, "show");
  scope.restores_in_place = scope.restores || contains(commands, "rollback");
  // A restore in place takes a backup first, and its outage is one.
  scope.backs_up =
      commands.empty() || contains(commands, "backup") || scope.restores_in_place || runs_policies;
  // What a backup finds left behind, it recovers first.
  scope.recovers = scope.backs_up || contains(commands, "recover");
  scope.checks = scope.recovers || contains(commands, "check");
  return {};
}

Status choose_account(const std::optional<std::string>& account, PolicyScope& scope) {
  if (!account) {
    return {};
  }
  constexpr std::size_t digits = 12;
  const bool fits = account->size() == digits &&
                    std::ranges::all_of(*account, [](char c) { return c >= '0' && c <= '9'; });
  if (!fits) {
    return fail(ErrorKind::usage,
                fmt::format("--account {} is not an account", in_quotes(*account)),
                "an account is a number of 12 digits");
  }
  scope.account = *account;
  return {};
}

Status choose_partition(const std::optional<std::string>& partition,
                        const std::vector<std::string>& regions, PolicyScope& scope) {
  if (regions.size() > 1) {
    return fail(ErrorKind::usage, "a policy is for one --region, or for all",
                "leave out --region for one that holds in all of them");
  }
  if (scope.copies && !regions.empty()) {
    return fail(ErrorKind::usage, "a copy has to do with two regions, and the policy with one",
                "leave out --region");
  }
  scope.region = regions.empty() ? "*" : regions.front();
  const std::string of_region(partition_of(scope.region).name);
  scope.partition = partition.value_or(of_region);
  if (!is_partition(scope.partition)) {
    return fail(ErrorKind::usage,
                fmt::format("--partition {} is not a partition", in_quotes(scope.partition)),
                "such as aws, aws-cn or aws-us-gov");
  }
  if (!regions.empty() && scope.partition != of_region) {
    return fail(
        ErrorKind::usage,
        fmt::format("--region {} is not in the partition {}", scope.region, scope.partition),
        fmt::format("it is in {}", of_region));
  }
  return {};
}

/// Whoever restores enables it; who recovers or prunes ends what was lost.
Status choose_fast_restores(const IamPolicyArguments& arguments, PolicyScope& scope) {
  if (arguments.fast_snapshot_restore && !scope.restores && !scope.prunes && !scope.recovers) {
    return fail(ErrorKind::usage, "--fast-snapshot-restore is for restore, recover and prune",
                "name one of them");
  }
  scope.restores_fast = arguments.fast_snapshot_restore;
  return {};
}

Status choose_approach(const IamPolicyArguments& arguments, PolicyScope& scope) {
  const bool for_a_stop = arguments.reserve_capacity || arguments.prime || arguments.standby ||
                          arguments.drain || arguments.guard_role || scope.makes_images;
  if (arguments.online && for_a_stop) {
    return fail(ErrorKind::usage, "--online is for backups without a stop, and the rest for one",
                "leave out --online: what is allowed for a stop is enough without one");
  }
  scope.stops = !arguments.online;
  scope.freezes = arguments.freeze;
  scope.takes_detached = arguments.detached_volume;
  return {};
}

constexpr std::string_view protect = "protect";

/// A principal of IAM, as far as a wildcard lets it be seen.
bool is_principal(std::string_view arn) {
  return arn.starts_with("arn:") && arn.find(":iam::") != std::string_view::npos &&
         (arn.find(":role/") != std::string_view::npos ||
          arn.find(":user/") != std::string_view::npos);
}

Status print_protection(const IamPolicyArguments& arguments, const Surroundings& surroundings) {
  if (arguments.commands.size() > 1) {
    return fail(ErrorKind::usage, "protect is a policy of its own",
                "leave out the commands beside it");
  }
  if (arguments.roles.empty()) {
    return fail(ErrorKind::usage, "protect would deny pitstop itself its tags",
                "say who runs pitstop: --role 'arn:aws:iam::*:role/pitstop'");
  }
  for (const auto& role : arguments.roles) {
    if (!is_principal(role)) {
      return fail(ErrorKind::usage,
                  fmt::format("--role {} is not a role or a user of IAM", in_quotes(role)),
                  "such as arn:aws:iam::123456789012:role/pitstop");
    }
  }
  surroundings.output << tag_protection(arguments.roles) << std::flush;
  return {};
}

}  // namespace

Status run_iam_policy(const IamPolicyArguments& arguments, const GlobalOptions& options,
                      const Surroundings& surroundings) {
  if (contains(arguments.commands, protect)) {
    return print_protection(arguments, surroundings);
  }
  if (!arguments.roles.empty()) {
    return fail(ErrorKind::usage, "--role is for protect",
                "attach the policy to the role that runs pitstop");
  }
  PolicyScope scope;
  TRY_STATUS(choose_commands(arguments.commands, scope));
  if (!arguments.commands.empty() && std::ranges::all_of(arguments.commands, needs_no_policy)) {
    surroundings.diagnostics << fmt::format("{} asks nothing of AWS: no policy is needed\n",
                                            join(arguments.commands, ", "))
                             << std::flush;
    return {};
  }
  TRY_STATUS(choose_account(arguments.account, scope));
  TRY_STATUS(choose_partition(arguments.partition, options.regions, scope));
  if (arguments.guard_role) {
    TRY(scope.guard_role, parse_guard_role("--guard-role", *arguments.guard_role));
  }
  scope.reserves_capacity = arguments.reserve_capacity;
  TRY(const auto method, parse_method(arguments.method));
  scope.makes_images = method == Method::image;
  TRY_STATUS(choose_approach(arguments, scope));
  scope.removes_primes = arguments.prime;
  scope.standby = arguments.standby;
  scope.drain = arguments.drain;
  TRY_STATUS(choose_fast_restores(arguments, scope));
  if (contains(arguments.commands, "run")) {
    add_all_that_policies_may_do(scope);
  }
  surroundings.output << iam_policy(scope) << std::flush;
  return {};
}

}  // namespace pitstop
