#include "cli/backup_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "aws/role_arn.hpp"
#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "cli/backup_options.hpp"
#include "cli/check_command.hpp"
#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "cli/ec2_sites.hpp"
#include "cli/give_up.hpp"
#include "cli/left_behind.hpp"
#include "cli/on_down.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_backup(CLI::App& app, BackupArguments& arguments) {
  auto* command = app.add_subcommand(
      "backup",
      "Back up whole servers with the shortest downtime.\n\n"
      "Stops a server, snapshots all of its volumes, starts it as soon as every snapshot shows\n"
      "progress, and follows the snapshots to their end while it runs. A server that is found\n"
      "stopped is left stopped. Whatever goes wrong, a server that was stopped is started again.\n"
      "What interrupted runs have left down is brought back first, as by pitstop recover.");
  declare_backup_options(*command, arguments);
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
    CO_TRY(auto sites, Ec2Sites::open(options_, surroundings_));
    CO_TRY_STATUS(check_guards(sites));
    sites_.emplace(std::move(sites));
    summary_.run = new_run_id(surroundings_);
    const Executor executor = co_await boost::asio::this_coro::executor;
    Status backed_up;
    {
      const Drawing drawing(executor, report_, surroundings_.clock, surroundings_.redraw_every,
                            [this] { return sites_->congestion(); });
      CO_TRY(auto left, co_await find_left_behind(*sites_, tools(), recovery_options(),
                                                  HeldOnes::untold, report_));
      summary_.silent_sites = std::move(left.silent_sites);
      std::vector<Task<void>> tasks;
      tasks.push_back(recover_what_was_left(std::move(left.parts)));
      tasks.push_back(back_up_then(backed_up));
      co_await concurrently(std::move(tasks));
    }
    if (!backed_up) {
      co_return give_up_after_recovery(backed_up.error());
    }
    co_return end();
  }

 private:
  std::vector<FleetTools> tools() { return sites_->tools(observer_, state_.logbook); }

  Status check_guards(const Ec2Sites& sites) const {
    for (const auto& site : sites.all()) {
      TRY_STATUS(check_guard(request_.options, site));
    }
    return {};
  }

  /// What interrupted runs have left comes back first.
  static RecoveryOptions recovery_options() { return {.only = {}, .wait = false}; }

  Task<void> recover_what_was_left(std::vector<RecoveryPart> parts) {
    recovered_ = co_await recover(std::move(parts), recovery_options());
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
    co_await sites_->look_at_own_host();
    CO_TRY(auto selected, co_await select_for(sites_->callers(), request_));
    note_silent_sites(selected);
    auto servers = std::move(selected.servers);
    report_.begun(instances_of(servers));
    report_.selected(listed(servers), request_.rules.max_down.of(servers.size()));
    CO_TRY_STATUS(co_await confirm(servers.size()));
    summary_.backups =
        co_await back_up_fleet(fleet_sites(), std::move(servers), summary_.run, request_.rules);
    co_return Status();
  }

  /// Those that did not say earlier either are known already.
  void note_silent_sites(const SelectedServers& selected) {
    for (const auto& [site, error] : selected.silent_sites) {
      const auto name = sites_->all()[site].name();
      if (!contains(summary_.silent_sites, name)) {
        summary_.silent_sites.push_back(name);
        report_.site_failed(name, error);
      }
    }
  }

  std::vector<ListedServer> listed(const std::vector<SelectedServer>& servers) const {
    std::vector<ListedServer> list;
    for (const auto& server : servers) {
      list.push_back({server.instance, server.volumes, sites_->all()[server.site].name()});
    }
    return list;
  }

  /// More servers than one are not stopped by a slip of the fingers.
  Task<Status> confirm(std::size_t servers) {
    if ((servers <= 1 && !request_.in_place) || request_.confirmed) {
      co_return Status();
    }
    if (!surroundings_.ask) {
      co_return fail(ErrorKind::usage,
                     request_.in_place
                         ? std::string("volumes are to be exchanged, and nobody is here to be "
                                       "asked whether that is meant")
                         : fmt::format("{} servers are selected, and nobody is here to be asked "
                                       "whether that is meant",
                                       servers),
                     "--yes says that it is; --dry-run shows what would be done");
    }
    report_.hold_still(true);
    std::string question(request_.in_place
                             ? "Stop it, exchange its volumes and start it again? [y/N] "
                         : request_.options.approach == Approach::stop
                             ? "Stop them, back them up and start them again? [y/N] "
                             : "Back them up while they go on? [y/N] ");
    const bool yes = co_await surroundings_.ask(std::move(question));
    report_.hold_still(false);
    CO_TRY_STATUS(still_wanted(surroundings_.interruption));
    if (!yes) {
      co_return fail(ErrorKind::refused, "nothing was done: the answer was no");
    }
    co_return Status();
  }

  std::vector<FleetSite> fleet_sites() {
    std::vector<FleetSite> fleet;
    auto all_tools = tools();
    for (std::size_t i = 0; i < all_tools.size(); ++i) {
      fleet.push_back(
          {.tools = all_tools[i], .options = options_at(request_.options, sites_->all()[i])});
    }
    return fleet;
  }

  Result<ExitStatus> give_up_after_recovery(const Error& error) {
    if (!contains(recovered_, true, &BackupOutcome::left_down)) {
      return fail(error);
    }
    report_.failed(error, number(ExitStatus::left_down));
    return ExitStatus::left_down;
  }

  ExitStatus end() {
    auto all = summary_.backups;
    std::ranges::copy_if(recovered_, std::back_inserter(all), &BackupOutcome::left_down);
    const auto status =
        exit_status_of(all, surroundings_.interruption.requested(), !summary_.silent_sites.empty());
    summary_.exit_status = number(status);
    summary_.policy = request_.options.policy;
    summary_.api_calls = sites_->calls();
    summary_.took = surroundings_.clock.now() - begun_;
    if (request_.in_place) {
      auto outcome = outcome_of(*request_.in_place, summary_.backups.front());
      outcome.took = summary_.took;
      report_.restored(outcome, summary_.exit_status);
      return status;
    }
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
  std::optional<Ec2Sites> sites_;
  std::vector<BackupOutcome> recovered_;
  bool is_recovered_ = false;
  RunSummary summary_;
};

}  // namespace

Status check_guard(const BackupOptions& options, const Ec2Site& site) {
  const auto& role = options.guard_role;
  const auto account = account_of_role(site.connection->role());
  const bool has_own = site.account && site.account->guard_role;
  if (!role.empty() && !has_own && !account.empty() && account != account_of_role(role)) {
    return fail(ErrorKind::usage,
                fmt::format("the guard's role {} belongs to another account than the servers of {}",
                            role, site.name()),
                "give each account its own, as guard-role in the file of --accounts");
  }
  return {};
}

BackupOptions options_at(BackupOptions options, const Ec2Site& site) {
  if (site.account && site.account->guard_role) {
    options.guard_role = *site.account->guard_role;
  }
  return options;
}

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
