#include "cli/backup_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "backup/recover.hpp"
#include "base/concurrently.hpp"
#include "cli/backup_options.hpp"
#include "cli/check_command.hpp"
#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "cli/give_up.hpp"
#include "cli/on_down.hpp"
#include "cli/stranded_report.hpp"

namespace pitstop {

// Options and declaration.

namespace {

void declare_rules(CLI::App& command, BackupArguments& arguments) {
  const auto* group = "Who may be down together";
  command
      .add_option("--max-down", arguments.max_down,
                  "How many servers may be down at a time, or percent (default: 1000)")
      ->type_name("N|N%")
      ->group(group);
  command
      .add_option("--group-by", arguments.group_by,
                  "Never have two servers with the same value of this tag down at a time")
      ->type_name("TAG")
      ->group(group);
  command
      .add_option("--max-down-per-group", arguments.max_down_per_group,
                  "With --group-by: never more than so many (default: 1)")
      ->type_name("N")
      ->group(group);
  command
      .add_option("--order-by", arguments.order_by,
                  "Begin a server when all with a lesser value of this tag are up again:\n"
                  "2 before 10, numbers before words, and servers without the tag last")
      ->type_name("TAG")
      ->group(group);
  command
      .add_option("--stop-on-failure", arguments.stop_on_failure,
                  "Begin no further server when so many have failed (default: never)")
      ->type_name("N")
      ->group(group);
}

void declare_the_run(CLI::App& command, BackupArguments& arguments) {
  command
      .add_option("--on-down", arguments.on_down,
                  "Run this (no shell) at each alarm, and when the server is up again;\n"
                  "it can read the event as JSON")
      ->type_name("COMMAND")
      ->group(safety_group);
  command
      .add_flag("--no-wait", arguments.no_wait,
                "End when the servers are up; the snapshots finish by themselves")
      ->group(backup_group);
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be done, and change nothing")
      ->group(backup_group);
}

}  // namespace

CLI::App* declare_backup(CLI::App& app, BackupArguments& arguments) {
  auto* command = app.add_subcommand(
      "backup",
      "Back up whole servers with the shortest downtime.\n\n"
      "Stops a server, snapshots all of its volumes, starts it as soon as every snapshot shows\n"
      "progress, and follows the snapshots to their end while it runs. A server that is found\n"
      "stopped is left stopped. Whatever goes wrong, a server that was stopped is started again.\n"
      "What interrupted runs have left down is brought back first, as by pitstop recover.\n"
      "What came of each server goes into the journal, for pitstop report.");
  declare_backup_options(*command, arguments);
  declare_rules(*command, arguments);
  declare_the_run(*command, arguments);
  command->footer(
      "Examples:\n"
      "  pitstop backup i-0abc1234def567890 --dry-run\n"
      "  pitstop backup i-0abc1234def567890 --region eu-central-1\n"
      "  pitstop backup --tag backup=weekly --max-down 2 --set-tag kept-for=90d\n"
      "  pitstop backup --all --group-by cluster --order-by backup-wave --stop-on-failure 3\n\n" +
      exit_status_help());
  return command;
}

// Run.

namespace {

/// A server that does not come back keeps the others waiting for no longer than that.
constexpr Duration recovery_goes_first = std::chrono::minutes(5);

/// Everything from the identity to the summary.
class BackupRun {
 public:
  BackupRun(BackupRequest request, GlobalOptions options, Surroundings& surroundings,
            BackupReport& report, State& state)
      : request_(std::move(request)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report),
        state_(state),
        down_list_(report, surroundings.down),
        observer_(down_list_, request_.on_down, surroundings) {}

  /// An error means that no server was touched.
  Task<Result<ExitStatus>> run() {
    begun_ = surroundings_.clock.now();
    CO_TRY(connection_, Ec2Connection::open(options_, surroundings_));
    summary_.run = new_run_id(surroundings_);
    const Executor executor = co_await boost::asio::this_coro::executor;
    Status backed_up;
    {
      const Drawing drawing(executor, report_, surroundings_.clock, surroundings_.redraw_every,
                            [this] { return connection_->congestion(); });
      CO_TRY_STATUS(co_await find_what_was_left());
      std::vector<Task<void>> tasks;
      tasks.push_back(recover_what_was_left());
      tasks.push_back(back_up_then(backed_up));
      co_await concurrently(std::move(tasks));
    }
    if (!backed_up) {
      co_return fail(backed_up.error());
    }
    co_return end();
  }

 private:
  FleetTools tools() { return connection_->fleet_tools(surroundings_, observer_, state_.logbook); }

  /// What interrupted runs have left in this region comes back first.
  Task<Status> find_what_was_left() {
    CO_TRY(auto found, co_await find_stranded(tools(), recovery_options()));
    tell_of_stranded(report_, found, false, surroundings_.clock.wall());
    stranded_ = std::move(found.servers);
    co_return Status();
  }

  static RecoveryOptions recovery_options() { return {.only = {}, .wait = false}; }

  Task<void> recover_what_was_left() {
    recovered_ = co_await recover(tools(), std::move(stranded_), recovery_options());
    is_recovered_ = true;
  }

  Task<void> back_up_then(Status& backed_up) {
    const Instant go_on = surroundings_.clock.now() + recovery_goes_first;
    while (!is_recovered_ && surroundings_.clock.now() < go_on) {
      co_await surroundings_.clock.sleep(Milliseconds(100));
    }
    backed_up = co_await back_up();
  }

  Task<Status> back_up() {
    co_await connection_->look_at_own_host();
    CO_TRY(auto servers, co_await select_for(connection_->caller(), request_));
    report_.begun(instances_of(servers));
    summary_.backups = co_await back_up_fleet(tools(), std::move(servers), request_.options,
                                              summary_.run, request_.rules);
    co_return Status();
  }

  ExitStatus end() {
    auto all = summary_.backups;
    std::ranges::copy_if(recovered_, std::back_inserter(all), &BackupOutcome::left_down);
    const auto status = exit_status_of(all, surroundings_.interruption.requested());
    summary_.exit_status = number(status);
    summary_.api_calls = connection_->wire().calls();
    summary_.took = surroundings_.clock.now() - begun_;
    report_.ended(summary_);
    return status;
  }

  BackupRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  State& state_;
  DownList down_list_;
  OnDown observer_;
  Instant begun_;
  std::unique_ptr<Ec2Connection> connection_;
  std::vector<Stranded> stranded_;
  std::vector<BackupOutcome> recovered_;
  bool is_recovered_ = false;
  RunSummary summary_;
};

}  // namespace

Task<ExitStatus> run_backup(BackupArguments arguments, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report) {
  auto request = parse_request(arguments, surroundings.environment);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  if (request->dry_run) {
    co_return co_await run_check(*std::move(request), std::move(options), surroundings, report);
  }
  auto state = open_state(options, surroundings);
  if (!state) {
    co_return give_up(state.error(), report);
  }
  co_return co_await run_backup(std::move(*request), options, surroundings, report, **state);
}

Task<ExitStatus> run_backup(BackupRequest request, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report, State& state) {
  const auto subscription =
      surroundings.interruption.subscribe([&report] { report.interrupted(); });
  BackupRun run(std::move(request), std::move(options), surroundings, report, state);
  const auto ended = co_await run.run();
  co_return ended ? *ended : give_up(ended.error(), report);
}

}  // namespace pitstop
