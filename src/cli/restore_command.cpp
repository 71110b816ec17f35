#include "cli/restore_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/check.hpp"
#include "cli/drawing.hpp"
#include "cli/give_up.hpp"
#include "cli/known_backups.hpp"
#include "cli/known_restores.hpp"
#include "cli/restore_request.hpp"
#include "ec2/instance_types.hpp"
#include "ec2/instances.hpp"
#include "report/restore_json.hpp"
#include "report/restore_text.hpp"
#include "restore/original.hpp"
#include "restore/restore_volumes.hpp"

namespace pitstop {

// Options and declaration.

namespace {

void declare_new_server(CLI::App& command, RestoreArguments& arguments) {
  const auto* group = "A new server (--new), where it is not to be as it was";
  const auto add = [&](const char* name, std::string& value, const char* what, const char* type) {
    command.add_option(name, value, what)->type_name(type)->group(group);
  };
  add("--type", arguments.type, "Another instance type", "TYPE");
  add("--subnet", arguments.subnet, "Another subnet, and with it another zone", "SUBNET");
  command
      .add_option("--security-group", arguments.security_groups,
                  "Other security groups, by id; may be repeated")
      ->type_name("GROUP")
      ->expected(1)
      ->take_all()
      ->group(group);
  add("--key-name", arguments.key_name, "Another key pair", "NAME");
  add("--instance-profile", arguments.instance_profile, "Another instance profile", "ARN");
  add("--private-ip", arguments.private_ip, "This private address", "ADDRESS");
  command
      .add_flag("--keep-private-ip", arguments.keep_private_ip,
                "The private and IPv6 addresses that it had, which must be free")
      ->group(group);
  command
      .add_flag("--move-elastic-ip", arguments.move_elastic_ip,
                "Take the Elastic IPs of the old server over")
      ->group(group);
  command
      .add_option("--user-data", arguments.user_data,
                  "User data out of this file; else that of the old server, if it is\n"
                  "still there: no backup has it")
      ->type_name("FILE")
      ->group(group);
  add("--name", arguments.name, "Another tag Name", "NAME");
  command
      .add_option("--set-tag", arguments.set_tags,
                  "One more tag, or another value; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->group(group);
  command
      .add_flag("--keep-image", arguments.keep_image, "Leave the image that was registered for it")
      ->group(group);
  command.add_flag("--no-wait", arguments.no_wait, "End when it runs, without EC2's status checks")
      ->group(group);
  command
      .add_flag("--adopt", arguments.adopt,
                "Let policies back it up at once; else they pass over it until --finish")
      ->group(group);
}

void declare_what_to_make(CLI::App& command, RestoreArguments& arguments) {
  const auto* group = "What to make";
  command.add_flag("--new", arguments.as_new, "A new server")->group(group);
  command
      .add_option("--in-place", arguments.in_place, "The same server, INSTANCE, with other volumes")
      ->type_name("INSTANCE")
      ->group(group);
  command.add_flag("--volumes-only", arguments.volumes_only, "Its volumes")->group(group);
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be made, and make nothing")
      ->group(group);
  command.add_flag("--yes", arguments.exchange.outage.yes, "Do not ask")->group(group);
  command
      .add_option("--finish", arguments.finish,
                  "End this restore, rs-…: delete the volumes that it has replaced, or has\n"
                  "made alone; have policies back up the server that it has made")
      ->type_name("RESTORE")
      ->group(group);
  command
      .add_option("--initialize-rate", arguments.initialize_rate,
                  "Have AWS fill the volumes at so many MiB/s, 100 to 300, which it charges\n"
                  "for; else each block is loaded when it is first read")
      ->type_name("RATE")
      ->group(group);
  command
      .add_flag("--fast-snapshot-restore", arguments.fast_snapshot_restore,
                "Have them filled when they are made: fast snapshot restore is enabled\n"
                "first, for 60 minutes a TiB, which AWS charges for, and disabled then")
      ->group(group);
  command
      .add_option("--zone", arguments.zone,
                  "Another zone: of the volumes, or of a server in the default network")
      ->type_name("ZONE")
      ->group(group);
}

}  // namespace

CLI::App* declare_restore(CLI::App& app, RestoreArguments& arguments) {
  auto* command = app.add_subcommand(
      "restore",
      "Make a server, or volumes, of a backup.\n\n"
      "--new launches another server that is what the backed up one was: machine, network,\n"
      "options, tags, and every volume with its type and speed. It waits until EC2's status "
      "checks\n"
      "pass. --volumes-only makes the volumes alone. Then the server that was backed up is not\n"
      "touched, and need not exist any more.\n\n"
      "--in-place stops the server, takes a backup of what is there, exchanges the volumes, and\n"
      "starts it: id, addresses and all else stay. The old volumes are kept, and pitstop rollback\n"
      "brings them back. What will not be as it was is said first; --dry-run says only that.");
  command->add_option("backup", arguments.backup, "The backup: pitstop list has them")
      ->type_name("BACKUP");
  declare_what_to_make(*command, arguments);
  declare_new_server(*command, arguments);
  const auto* in_place = "The same server (--in-place)";
  command
      ->add_flag("--no-safety-backup", arguments.exchange.no_safety_backup,
                 "Take no backup of what is there now before")
      ->group(in_place);
  declare_outage_in_place(*command, arguments.exchange, in_place);
  const auto* volumes = "Volumes (--volumes-only)";
  command->add_option("--attach-to", arguments.attach_to, "Attach them to this server")
      ->type_name("INSTANCE")
      ->group(volumes);
  command
      ->add_flag("--incomplete", arguments.incomplete,
                 "Take what is there of a backup that is incomplete or failed")
      ->group(volumes);
  command->footer(
      "Examples:\n"
      "  pitstop restore b-0123456789ab --new --dry-run\n"
      "  pitstop restore b-0123456789ab --new --subnet subnet-0abc1234def567890\n"
      "  pitstop restore b-0123456789ab --in-place i-0abc1234def567890\n"
      "  pitstop restore b-0123456789ab --volumes-only --attach-to i-0abc1234def567890\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage}) +
      "  3    something could not be cleared away: pitstop recover does it\n" +
      exit_status_lines(
          {ExitStatus::refused, ExitStatus::held, ExitStatus::left_down, ExitStatus::interrupted}));
  return command;
}

// Run.

namespace {

class RestoreRun {
 public:
  RestoreRun(RestoreRequest request, GlobalOptions options, Surroundings& surroundings,
             BackupReport& report)
      : request_(std::move(request)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report) {}

  Task<Result<ExitStatus>> run() {
    CO_TRY(auto sites, Ec2Sites::open(options_, surroundings_));
    sites_.emplace(std::move(sites));
    CO_TRY(const auto set,
           co_await the_backup(*sites_, request_.backup, options_, surroundings_, report_));
    announce(set);
    // What is not carried out is no restore, and has no id.
    const auto restore = request_.dry_run ? RestoreId() : new_restore_id(surroundings_);
    switch (request_.kind) {
      case RestoreKind::new_server: {
        CO_TRY(auto original, co_await look_at_original(tools(set), set));
        if (request_.fast_restore) {
          CO_TRY(request_.server.fast_restore_zone,
                 co_await zone_of_new_server(tools(set), set, request_.server));
        }
        CO_TRY(auto plan, plan_new_server(restore, set, request_.server, original));
        co_return co_await carry_out(set, std::move(plan));
      }
      case RestoreKind::volumes: {
        CO_TRY(request_.volumes.attach_to, co_await find_target(set));
        co_await ask_for_room(set);
        CO_TRY(auto plan, plan_volumes(restore, set, request_.volumes));
        co_return co_await carry_out(set, std::move(plan));
      }
      case RestoreKind::in_place:
      case RestoreKind::rollback:
        break;
    }
    unreachable();
  }

 private:
  /// For the display: the server that was backed up is what everything is about.
  void announce(const BackupSet& set) { report_.begun({as_instance(set.instance, set.name)}); }

  Task<Result<std::optional<ec2::Instance>>> find_target(const BackupSet& set) {
    if (!request_.attach_to) {
      co_return std::nullopt;
    }
    std::vector<InstanceId> ids{*request_.attach_to};
    CO_TRY(const auto found, co_await ec2::find_instances(caller(set), std::move(ids)));
    if (found.empty()) {
      co_return fail(ErrorKind::not_found,
                     fmt::format("there is no server {}", request_.attach_to->str()),
                     "it must be in the region and account of the backup");
    }
    const auto state = found.front().state;
    if (state != ec2::InstanceState::running && state != ec2::InstanceState::stopped) {
      co_return fail(ErrorKind::wrong_state,
                     fmt::format("{} is {}", request_.attach_to->str(), to_string(state)),
                     "volumes can be attached when it runs, or is stopped");
    }
    co_return found.front();
  }

  /// How many volumes its type takes. EC2 says it again when it is asked to attach one too many.
  Task<void> ask_for_room(const BackupSet& set) {
    const auto& target = request_.volumes.attach_to;
    if (!target || target->type.empty()) {
      co_return;
    }
    const auto types = co_await ec2::describe_instance_types(caller(set), {target->type});
    if (types && !types->empty()) {
      request_.volumes.room = ec2::free_attachments(types->front(), *target);
    }
  }

  /// A server that is launched by a slip of the fingers costs, and looks like the other one.
  Task<Status> confirm(const NewServerPlan& plan) {
    if (request_.confirmed) {
      co_return Status();
    }
    if (!surroundings_.ask) {
      co_return fail(ErrorKind::usage,
                     "a new server is to be launched, and no terminal is attached to ask whether "
                     "that is meant",
                     "add --yes to confirm; --dry-run shows what would be made");
    }
    auto question = fmt::format("Launch a new server like {}? [y/N] ", plan.instance.str());
    if (!co_await surroundings_.ask(std::move(question))) {
      co_return fail(ErrorKind::refused, "nothing was done: the answer was no");
    }
    co_return Status();
  }
  Task<Status> confirm(const VolumesPlan& /*plan*/) { co_return Status(); }

  Task<RestoreOutcome> restore(const BackupSet& set, NewServerPlan plan) {
    return restore_new_server(tools(set), std::move(plan), request_.options);
  }
  Task<RestoreOutcome> restore(const BackupSet& set, VolumesPlan plan) {
    return restore_volumes(tools(set), std::move(plan));
  }

  template <class Plan>
  Task<Result<ExitStatus>> carry_out(const BackupSet& set, Plan plan) {
    if (options_.output == "json") {
      write_plan_json(plan, surroundings_.output);
    } else {
      surroundings_.output << plan_text(plan) << std::flush;
    }
    if (request_.dry_run) {
      co_return ExitStatus::done;
    }
    CO_TRY_STATUS(co_await confirm(plan));
    CO_TRY(const auto state, co_await open_entry(set, plan.restore));
    const Executor executor = co_await boost::asio::this_coro::executor;
    RestoreOutcome outcome;
    {
      const auto subscription = surroundings_.interruption.subscribe([&] {
        tools(set).report(set.instance, Step::warning,
                          "interrupted: it ends at the next step, and tells what there is then");
      });
      const Drawing drawing(executor, report_, surroundings_.clock, surroundings_.redraw_every,
                            [this] { return sites_->congestion(); });
      outcome = co_await restore(set, std::move(plan));
    }
    auto status = outcome.error ? exit_status_of(*outcome.error) : ExitStatus::done;
    if (!outcome.left_behind.empty()) {
      status = worse(status, ExitStatus::some_failed);
    } else if (const auto closed = co_await state->logbook.close_restore(outcome.restore);
               !closed) {
      tools(set).report(set.instance, Step::warning, closed.error().message, closed.error().hint);
    }
    report_.restored(outcome, number(status));
    co_return status;
  }

  /// So that `pitstop recover` knows of it, should this process end.
  Task<Result<std::unique_ptr<State>>> open_entry(const BackupSet& set, RestoreId restore) {
    CO_TRY(auto state, open_state(options_, surroundings_));
    const auto& connection = *sites_->all()[set.site].connection;
    OpenRestore entry{
        .restore = restore,
        .backup = set.backup,
        .instance = set.instance,
        .region = connection.region(),
        .role = connection.role(),
        .opened = surroundings_.clock.wall(),
        .holder = fmt::format("process {} on {}", surroundings_.process, surroundings_.host)};
    CO_TRY_STATUS(co_await state->logbook.open_restore(std::move(entry)));
    co_return state;
  }

  ec2::Caller& caller(const BackupSet& set) const { return *sites_->callers()[set.site]; }

  RestoreTools tools(const BackupSet& set) {
    return {.ec2 = caller(set),
            .clock = surroundings_.clock,
            .observer = report_,
            .interruption = surroundings_.interruption};
  }

  RestoreRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  std::optional<Ec2Sites> sites_;
};

}  // namespace

Task<ExitStatus> run_restore(RestoreArguments arguments, GlobalOptions options,
                             Surroundings& surroundings, BackupReport& report) {
  if (arguments.finish) {
    co_return co_await run_finish(*arguments.finish, arguments.exchange.outage.yes,
                                  std::move(options), surroundings, report);
  }
  auto request = parse_restore(arguments);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  if (request->kind == RestoreKind::in_place) {
    InPlaceRequest in_place{.backup = request->backup,
                            .server = *request->attach_to,
                            .wishes = request->in_place,
                            .dry_run = request->dry_run};
    co_return co_await run_in_place(std::move(in_place), std::move(arguments.exchange),
                                    std::move(options), surroundings, report);
  }
  RestoreRun restoring(*std::move(request), std::move(options), surroundings, report);
  const auto ended = co_await restoring.run();
  co_return ended ? *ended : give_up(ended.error(), report);
}

}  // namespace pitstop
