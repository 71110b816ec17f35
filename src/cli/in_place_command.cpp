#include "cli/in_place_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "cli/backup_command.hpp"
#include "cli/give_up.hpp"
#include "cli/known_backups.hpp"
#include "cli/known_restores.hpp"
#include "ec2/instances.hpp"
#include "report/restore_json.hpp"
#include "report/restore_text.hpp"

namespace pitstop {

// Options and declaration.

void declare_outage_in_place(CLI::App& command, InPlaceArguments& arguments, const char* group) {
  auto& outage = arguments.outage;
  command
      .add_flag("--drop-old", arguments.drop_old,
                "Delete the volumes that go out, when the server runs again")
      ->group(group);
  command
      .add_option("--force-stop-after", outage.force_stop_after,
                  "Cut the power of a server that has not shut down by then")
      ->type_name("DURATION")
      ->group(group);
  command
      .add_option("--guard-role", outage.guard_role,
                  "Have AWS start it if nobody else does: see pitstop backup --help")
      ->type_name("ARN")
      ->group(group);
  command.add_option("--on-down", outage.on_down, "Run this command when it does not come back")
      ->type_name("COMMAND")
      ->group(group);
  command
      .add_option("--accept", outage.accepted, "Let a refusal pass that is known; may be repeated")
      ->type_name("CODE")
      ->expected(1)
      ->take_all()
      ->group(group);
}

CLI::App* declare_rollback(CLI::App& app, RollbackArguments& arguments) {
  auto* command = app.add_subcommand(
      "rollback",
      "Take a restore in place back: the old volumes come in again.\n\n"
      "Stops the server, exchanges the volumes, and starts it. Those that go out are kept, so "
      "that\n"
      "this can be taken back, too. Works as long as the volumes are there: pitstop restore\n"
      "--finish deletes them.");
  command->add_option("restore", arguments.restore, "The restore: its id, rs-…")
      ->type_name("RESTORE")
      ->required();
  const auto* group = "The outage";
  command->add_flag("--dry-run", arguments.dry_run, "Say what would be done, and do nothing")
      ->group(group);
  command->add_flag("--yes", arguments.in_place.outage.yes, "Do not ask")->group(group);
  command
      ->add_flag("--safety-backup", arguments.in_place.safety_backup,
                 "Take a backup of what is there now before")
      ->group(group);
  declare_outage_in_place(*command, arguments.in_place, group);
  command->footer(
      "Examples:\n"
      "  pitstop rollback rs-0123456789ab --dry-run\n"
      "  pitstop rollback rs-0123456789ab\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage,
                        ExitStatus::refused, ExitStatus::held, ExitStatus::left_down,
                        ExitStatus::interrupted}));
  return command;
}

// Run.

namespace {

/// A server with its volumes, at one site.
struct PresentServer {
  ec2::Instance instance;
  std::vector<ec2::Volume> volumes;
};

Task<Result<PresentServer>> look_at_server(ec2::Caller& ec2, InstanceId id) {
  std::vector<InstanceId> ids{id};
  CO_TRY(const auto found, co_await ec2::find_instances(ec2, std::move(ids)));
  if (found.empty()) {
    co_return fail(ErrorKind::not_found, fmt::format("there is no server {}", id.str()),
                   "it must be in the region and account of the backup; a new one: --new");
  }
  PresentServer present{.instance = found.front(), .volumes = {}};
  std::vector<ec2::Filter> filters{{"attachment.instance-id", {id.str()}}};
  CO_TRY(present.volumes, co_await ec2::describe_volumes(ec2, {}, std::move(filters)));
  co_return present;
}

struct ReplacedVolumes {
  std::size_t site = 0;
  std::vector<ec2::Volume> volumes;
};

/// At whichever site they are.
Task<Result<ReplacedVolumes>> find_replaced_volumes(const Ec2Sites& sites, RestoreId restore) {
  for (std::size_t site = 0; site < sites.all().size(); ++site) {
    CO_TRY(auto volumes, co_await find_replaced(*sites.callers()[site], restore));
    if (!volumes.empty()) {
      co_return ReplacedVolumes{site, std::move(volumes)};
    }
  }
  co_return fail(ErrorKind::not_found,
                 fmt::format("no volume says that {} has replaced it", in_quotes(restore.str())),
                 "were they deleted? check the region (--region) and the account (--profile)");
}

/// How long the last stop and start of a server took, as far as this machine knows.
std::optional<Duration> usual_outage(const InstanceId& server, const GlobalOptions& options,
                                     const Surroundings& surroundings) {
  const auto journal = find_journal(options, surroundings);
  if (!journal) {
    return std::nullopt;
  }
  const auto records = journal->backups({.instances = {server}});
  if (!records) {
    return std::nullopt;
  }
  std::optional<Duration> last;
  std::optional<WallTime> when;
  for (const auto& record : *records) {
    const auto& phases = record.phases;
    if (phases.stop && phases.start && (!when || *when < record.begun)) {
      last = *phases.stop + *phases.start;
      when = record.begun;
    }
  }
  return last;
}

/// Shows the plan, and carries it out as the pit stop that it is.
Task<ExitStatus> carry_out(InPlacePlan plan, InPlaceArguments arguments, bool dry_run,
                           GlobalOptions options, Surroundings& surroundings,
                           BackupReport& report) {
  plan.usual_outage = usual_outage(plan.server, options, surroundings);
  if (options.output == "json") {
    write_plan_json(plan, surroundings.output);
  } else {
    surroundings.output << plan_text(plan) << std::flush;
  }
  if (dry_run) {
    co_return ExitStatus::done;
  }
  auto& outage = arguments.outage;
  outage.instances = {plan.server.str()};
  // What is backed up before is kept as it is, too: nothing is lost if its snapshots take longer.
  outage.start_when = "accepted";
  auto request = parse_request(outage, surroundings.environment);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  request->options.swap = plan.swap;
  request->in_place = std::move(plan);
  auto state = open_state(options, surroundings);
  if (!state) {
    co_return give_up(state.error(), report);
  }
  co_return co_await run_backup(*std::move(request), std::move(options), surroundings, report,
                                **state);
}

Task<Result<InPlacePlan>> plan_request(InPlaceRequest request, GlobalOptions options,
                                       Surroundings& surroundings, BackupReport& report) {
  CO_TRY(const auto sites, Ec2Sites::open(options, surroundings));
  CO_TRY(const auto set, co_await the_backup(sites, request.backup, options, surroundings, report));
  CO_TRY(const auto present, co_await look_at_server(*sites.callers()[set.site], request.server));
  const auto restore = request.dry_run ? RestoreId() : new_restore_id(surroundings);
  co_return plan_in_place(restore, set, present.instance, present.volumes, request.wishes);
}

Task<Result<InPlacePlan>> plan_taking_back(RestoreId taken_back, InPlaceWishes wishes, bool dry_run,
                                           GlobalOptions options, Surroundings& surroundings) {
  CO_TRY(const auto sites, Ec2Sites::open(options, surroundings));
  CO_TRY(const auto replaced, co_await find_replaced_volumes(sites, taken_back));
  const auto place = parse_replaced(replaced.volumes.front());
  if (!place) {
    co_return fail(
        ErrorKind::refused,
        fmt::format("{} has lost the tag that tells its place", replaced.volumes.front().id.str()),
        "attach the volumes by hand");
  }
  CO_TRY(const auto present,
         co_await look_at_server(*sites.callers()[replaced.site], place->instance));
  const auto restore = dry_run ? RestoreId() : new_restore_id(surroundings);
  co_return plan_rollback(restore, taken_back, present.instance, present.volumes, replaced.volumes,
                          wishes);
}

}  // namespace

Task<ExitStatus> run_in_place(InPlaceRequest request, InPlaceArguments arguments,
                              GlobalOptions options, Surroundings& surroundings,
                              BackupReport& report) {
  const bool dry_run = request.dry_run;
  auto plan = co_await plan_request(std::move(request), options, surroundings, report);
  if (!plan) {
    co_return give_up(plan.error(), report);
  }
  co_return co_await carry_out(*std::move(plan), std::move(arguments), dry_run, std::move(options),
                               surroundings, report);
}

Task<ExitStatus> run_rollback(RollbackArguments arguments, GlobalOptions options,
                              Surroundings& surroundings, BackupReport& report) {
  const auto restore = parse_restore_id(arguments.restore);
  if (!restore) {
    co_return give_up(restore.error(), report);
  }
  const InPlaceWishes wishes{.safety_backup = arguments.in_place.safety_backup,
                             .drops_old = arguments.in_place.drop_old};
  auto plan = co_await plan_taking_back(*restore, wishes, arguments.dry_run, options, surroundings);
  if (!plan) {
    co_return give_up(plan.error(), report);
  }
  co_return co_await carry_out(*std::move(plan), std::move(arguments.in_place), arguments.dry_run,
                               std::move(options), surroundings, report);
}

}  // namespace pitstop
