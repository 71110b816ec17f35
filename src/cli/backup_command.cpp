#include "cli/backup_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "backup/fleet.hpp"
#include "base/contains.hpp"
#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "cli/wiring.hpp"

namespace pitstop {

// Options and declaration.

namespace {

void declare_servers(CLI::App& command, BackupArguments& arguments) {
  const auto* group = "Servers, named in one of three ways";
  command.add_option("instances", arguments.instances, "Instance ids, such as i-0abc1234def567890")
      ->type_name("INSTANCE")
      ->group(group);
  command
      .add_option("--tag", arguments.tags,
                  "Every server with this tag, with * and ? in VALUE; may be repeated:\n"
                  "then a server must have all of the tags")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->group(group);
  command.add_flag("--all", arguments.all, "Every running or stopped server of the region")
      ->disable_flag_override()
      ->group(group);
}

void declare_outage(CLI::App& command, BackupArguments& arguments) {
  const auto* group = "The outage";
  command
      .add_option("--start-when", arguments.start_when,
                  "Start again when every snapshot is past 0 % (progress), taken by EC2\n"
                  "(accepted), or complete (completed; slow)")
      ->type_name("GATE")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--max-downtime", arguments.max_downtime,
                  "Start again after that time, whatever the snapshots show")
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--max-down", arguments.max_down,
                  "How many servers may be down at a time (default: 1000)")
      ->type_name("N")
      ->group(group);
}

void declare_backup_itself(CLI::App& command, BackupArguments& arguments) {
  const auto* group = "The backup";
  command
      .add_option("--method", arguments.method, "How it is made; snapshots is the only way so far")
      ->type_name("METHOD")
      ->group(group);
  command
      .add_option("--exclude-volume", arguments.exclude_volumes,
                  "Leave this volume out; may be repeated")
      ->type_name("VOLUME")
      ->expected(1)
      ->take_all()
      ->group(group);
  command
      .add_option("--set-tag", arguments.set_tags,
                  "Put this tag onto every snapshot; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->group(group);
  command
      .add_flag("--no-wait", arguments.no_wait,
                "End when the servers are up; the snapshots finish by themselves")
      ->disable_flag_override()
      ->group(group);
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be done, and change nothing")
      ->disable_flag_override()
      ->group(group);
}

}  // namespace

CLI::App* declare_backup(CLI::App& app, BackupArguments& arguments) {
  auto* command = app.add_subcommand(
      "backup",
      "Back up whole servers with the shortest downtime.\n\n"
      "Stops a server, snapshots all of its volumes, starts it as soon as every snapshot shows\n"
      "progress, and follows the snapshots to their end while it runs. A server that is found\n"
      "stopped is left stopped. Whatever goes wrong, a server that was stopped is started again.\n"
      "What came of each server goes into the journal, for pitstop report.");
  declare_servers(*command, arguments);
  declare_outage(*command, arguments);
  declare_backup_itself(*command, arguments);
  command->footer(
      "Examples:\n"
      "  pitstop backup i-0abc1234def567890 --dry-run\n"
      "  pitstop backup i-0abc1234def567890 --region eu-central-1\n"
      "  pitstop backup --tag backup=weekly --max-down 2 --set-tag kept-for=90d\n\n" +
      exit_status_help());
  return command;
}

// Run.

namespace {

/// Exclusions that no selected server has are a mistake, and a mistake here would back up what
/// should be left out.
Status check_exclusions(const BackupOptions& options, const std::vector<SelectedServer>& servers) {
  for (const auto& excluded : options.exclude_volumes) {
    const bool attached = std::ranges::any_of(servers, [&](const SelectedServer& server) {
      return contains(server.instance.volumes, excluded, &ec2::AttachedVolume::volume);
    });
    if (!attached) {
      return fail(
          ErrorKind::usage,
          fmt::format("--exclude-volume {}: no selected server has this volume", excluded.str()),
          "check the id; only attached volumes can be left out");
    }
  }
  return {};
}

std::vector<ec2::Instance> instances_of(const std::vector<SelectedServer>& servers) {
  std::vector<ec2::Instance> instances;
  for (const auto& server : servers) {
    instances.push_back(server.instance);
  }
  return instances;
}

ExitStatus give_up(const Error& error, BackupReport& report) {
  const auto status = exit_status_of(error);
  report.failed(error, number(status));
  return status;
}

RunId new_run_id(const Surroundings& surroundings) {
  return RunId("r-" + surroundings.random.hex(12));
}

/// Shows the plans. The outcomes are those of a run that would go well.
Task<std::vector<BackupOutcome>> dry_run(FleetTools tools, BackupReport& report,
                                         std::vector<SelectedServer> servers, BackupOptions options,
                                         RunId run) {
  std::vector<BackupOutcome> outcomes;
  const auto instances = instances_of(servers);
  const auto plans =
      co_await plan_fleet(tools, std::move(servers), std::move(options), std::move(run));
  for (std::size_t i = 0; i < plans.size(); ++i) {
    BackupOutcome outcome;
    outcome.instance = instances[i].id;
    outcome.outcome = plans[i] ? Outcome::completed : Outcome::refused;
    if (plans[i]) {
      report.planned(*plans[i]);
    } else {
      outcome.error = plans[i].error();
    }
    outcomes.push_back(std::move(outcome));
  }
  co_return outcomes;
}

/// Everything from the identity to the summary; an error means that no server was touched.
Task<Result<ExitStatus>> try_backup(BackupRequest request, GlobalOptions options,
                                    Surroundings& surroundings, BackupReport& report,
                                    Journal& journal) {
  const Instant begun = surroundings.clock.now();
  CO_TRY(const auto connection, Ec2Connection::open(options, surroundings));
  CO_TRY(auto servers, co_await select_servers(connection->caller(), request.selection));
  CO_TRY_STATUS(check_exclusions(request.options, servers));
  report.begun(instances_of(servers));

  RunSummary summary;
  summary.run = new_run_id(surroundings);
  summary.dry_run = request.dry_run;
  DownList observer(report, surroundings.down);
  FleetTools tools{connection->wire(),
                   surroundings.clock,
                   surroundings.random,
                   observer,
                   surroundings.interruption,
                   connection->usual_patience(),
                   journal,
                   connection->region()};
  const Executor executor = co_await boost::asio::this_coro::executor;
  {
    const Drawing drawing(executor, report, surroundings.clock, surroundings.redraw_every);
    if (request.dry_run) {
      summary.backups =
          co_await dry_run(tools, report, std::move(servers), request.options, summary.run);
    } else {
      summary.backups = co_await back_up_fleet(tools, std::move(servers), request.options,
                                               summary.run, request.max_down);
    }
  }
  const auto status = exit_status_of(summary.backups, surroundings.interruption.requested());
  if (request.dry_run) {
    std::erase_if(summary.backups, [](const auto& backup) { return !backup.error; });
  }
  summary.exit_status = number(status);
  summary.api_calls = connection->wire().calls();
  summary.took = surroundings.clock.now() - begun;
  report.ended(summary);
  co_return status;
}

}  // namespace

Task<ExitStatus> run_backup(BackupArguments arguments, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report) {
  auto request = parse_request(arguments);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  auto journal = request->dry_run ? Journal::in_memory() : open_journal(options, surroundings);
  if (!journal) {
    co_return give_up(journal.error(), report);
  }
  co_return co_await run_backup(std::move(*request), options, surroundings, report, *journal);
}

Task<ExitStatus> run_backup(BackupRequest request, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report, Journal& journal) {
  const auto subscription =
      surroundings.interruption.subscribe([&report] { report.interrupted(); });
  auto ended = co_await try_backup(std::move(request), options, surroundings, report, journal);
  if (!ended) {
    co_return give_up(ended.error(), report);
  }
  co_return *ended;
}

}  // namespace pitstop
