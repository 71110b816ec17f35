#include "cli/recover_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "base/text.hpp"
#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "cli/give_up.hpp"
#include "cli/known_restores.hpp"
#include "cli/left_behind.hpp"
#include "cli/lost_restores.hpp"
#include "cli/on_down.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_recover(CLI::App& app, RecoverArguments& arguments) {
  auto* command = app.add_subcommand(
      "recover",
      "Bring back the servers that an interrupted run left down.\n\n"
      "Finds them in the journal of this machine, where the process of a run is gone, and by the\n"
      "tag pitstop:down. Starts each one, waits until it stays up, clears away its guard, its\n"
      "capacity reservation and its tag, adopts the snapshots of the run and follows them. A\n"
      "server that the run found stopped is left stopped. By a tag alone a server is only\n"
      "started, and only if EC2 shows that a call stopped it meanwhile; name it to have more\n"
      "done. Of a restore of a new server, or of volumes, it clears away what nobody needs, and\n"
      "says what there is. May be interrupted and run again, at any time; every pitstop backup\n"
      "does the same for servers before it begins.");
  const auto* group = "What to recover";
  command->add_option("instances", arguments.instances, "Only these servers (default: all)")
      ->type_name("INSTANCE")
      ->expected(0, CLI::detail::expected_max_vector_size)
      ->group(group);
  command
      ->add_flag("--now", arguments.now,
                 "Take over what a run of another host holds, although it may be alive:\n"
                 "when that host is gone for good")
      ->group(group);
  command
      ->add_option("--restore", arguments.restore,
                   "Finish this restore, rs-…: one in place that another host has begun,\n"
                   "or what another one of this host has left")
      ->type_name("RESTORE")
      ->group(group);
  command
      ->add_flag("--forget", arguments.forget,
                 "Only close the backups of these servers in the journal, and ask nothing\n"
                 "of EC2: when a server does not exist any more")
      ->group(group);
  command
      ->add_flag("--no-wait", arguments.no_wait,
                 "End when the servers are up; the snapshots finish by themselves")
      ->group(group);
  command->add_flag("--dry-run", arguments.dry_run, "Say what would be done, and change nothing")
      ->group(group);
  command
      ->add_option("--on-down", arguments.on_down,
                   "Run this command when a server does not come back: see\n"
                   "pitstop backup --help")
      ->type_name("COMMAND")
      ->group(group);
  command->footer(
      "Examples:\n"
      "  pitstop recover --dry-run\n"
      "  pitstop recover\n"
      "  pitstop recover i-0abc1234def567890 --now\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage}) +
      "  3    an account or region was unreachable, a server was not found, or something is "
      "left\n" +
      exit_status_lines({ExitStatus::held, ExitStatus::left_down, ExitStatus::interrupted}));
  return command;
}

// Run.

namespace {

struct RecoverRequest {
  RecoveryOptions options;
  std::vector<std::string> on_down;
};

Result<RecoverRequest> read_arguments(const RecoverArguments& arguments,
                                      const Environment& environment) {
  RecoverRequest request;
  for (const auto& text : arguments.instances) {
    TRY(auto id, parse_instance_id(text));
    request.options.only.push_back(std::move(id));
  }
  if (arguments.forget && request.options.only.empty()) {
    return fail(ErrorKind::usage, "--forget needs the servers by name",
                "pitstop recover --dry-run lists them");
  }
  if (arguments.restore && (!request.options.only.empty() || arguments.forget)) {
    return fail(ErrorKind::usage, "--restore finishes one restore, whatever its server",
                "leave the servers out");
  }
  if (arguments.restore) {
    TRY(request.options.restore, parse_restore_id(*arguments.restore));
  }
  if (arguments.on_down) {
    TRY(request.on_down, parse_on_down(*arguments.on_down, environment));
  }
  request.options.take_over = arguments.now;
  request.options.wait = !arguments.no_wait;
  return request;
}

/// The accounts and regions of the options, and those that the journal knows of, unless the user
/// has named some.
Result<Ec2Sites> open_sites(const GlobalOptions& options, const Surroundings& surroundings,
                            State& state, const std::vector<OpenRestore>& restores) {
  TRY(auto sites, Ec2Sites::open(options, surroundings));
  if (!options.regions.empty() || !options.assume_roles.empty() || options.accounts) {
    return sites;
  }
  TRY(const auto backups, state.journal.open_backups());
  for (const auto& backup : backups) {
    TRY_STATUS(sites.add(backup.region, backup.role));
  }
  for (const auto& restore : restores) {
    TRY_STATUS(sites.add(restore.region, restore.role));
  }
  return sites;
}

void say_what_would_be_done(Observer& observer, const RecoveryPart& part) {
  for (const auto& server : part.servers) {
    const auto& id = server.instance.id;
    const auto what =
        server.may_be_down
            ? fmt::format("{}would be started (it is {})",
                          server.swap ? "its volumes would be replaced or put back, and it " : "",
                          to_string(server.instance.state))
            : std::string("would be left as it is");
    observer.saw({id,
                  Step::recovering,
                  part.tools.clock.wall(),
                  fmt::format("{}; left by the run {} ({})", what, printable(server.run.str()),
                              server.left_by),
                  {}});
  }
}

/// A server that is held by another run is none of ours, but if it is down somebody must know.
ExitStatus status_of(const RunSummary& summary, const LeftBehind& left, bool interrupted) {
  const auto is = [](bool down, bool held) {
    return [down, held](const PassedOver& passed_over) {
      return passed_over.is_down == down && (passed_over.why.kind == ErrorKind::held) == held;
    };
  };
  const auto& passed_over = left.passed_over;
  if (std::ranges::any_of(summary.backups, &BackupOutcome::left_down) ||
      std::ranges::any_of(passed_over, is(true, false))) {
    return ExitStatus::left_down;
  }
  if (interrupted) {
    return ExitStatus::interrupted;
  }
  if (!left.silent_sites.empty() || std::ranges::any_of(passed_over, is(false, false))) {
    return summary.backups.empty() ? ExitStatus::failed : ExitStatus::some_failed;
  }
  if (std::ranges::any_of(passed_over, is(true, true))) {
    return ExitStatus::held;
  }
  const bool left_some = std::ranges::any_of(
      summary.backups, [](const BackupOutcome& backup) { return !backup.left_behind.empty(); });
  return left_some ? ExitStatus::some_failed : ExitStatus::done;
}

class Recovering {
 public:
  Recovering(RecoverRequest request, GlobalOptions options, Surroundings& surroundings,
             BackupReport& report, State& state, bool dry_run)
      : request_(std::move(request)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report),
        state_(state),
        dry_run_(dry_run),
        down_list_(report, surroundings.down),
        observer_(down_list_, request_.on_down, surroundings) {}

  Task<Result<ExitStatus>> run() {
    const Instant begun = surroundings_.clock.now();
    CO_TRY(const auto restores, lost_restores());
    CO_TRY(const auto sites, open_sites(options_, surroundings_, state_, restores));
    auto tools = sites.tools(observer_, state_.logbook);
    CO_TRY(auto left, co_await find_left_behind(sites, std::move(tools), request_.options,
                                                HeldOnes::told, report_));
    if (restores.empty()) {
      CO_TRY_STATUS(found_restore(left));
    }
    if (dry_run_) {
      for (const auto& part : left.parts) {
        say_what_would_be_done(report_, part);
        summary_.checked += part.servers.size();
      }
    } else {
      co_await bring_back(sites, std::move(left.parts));
    }
    const auto cleared = co_await clear_away_lost(sites, restores, lost_restores_wish(), state_,
                                                  surroundings_, report_);
    summary_.restores = cleared.found;
    summary_.passed_over = left.passed_over.size();
    summary_.recovery = true;
    summary_.dry_run = dry_run_;
    summary_.silent_sites = left.silent_sites;
    summary_.api_calls = sites.calls();
    auto status = status_of(summary_, left, surroundings_.interruption.requested());
    if (cleared.left > 0) {
      status = worse(status, ExitStatus::some_failed);
    }
    summary_.exit_status = number(status);
    summary_.took = surroundings_.clock.now() - begun;
    report_.ended(summary_);
    co_return status;
  }

 private:
  LostRestoresWish lost_restores_wish() const {
    return {.only = request_.options.restore, .dry_run = dry_run_};
  }

  /// Whoever names servers means no restore of another one.
  Result<std::vector<OpenRestore>> lost_restores() {
    if (!request_.options.only.empty()) {
      return std::vector<OpenRestore>();
    }
    return find_lost_restores(state_, lost_restores_wish());
  }

  /// Of a restore that was named something should be there.
  Status found_restore(const LeftBehind& left) const {
    const auto& restore = request_.options.restore;
    const bool found_any =
        !left.passed_over.empty() || !left.silent_sites.empty() ||
        std::ranges::any_of(left.parts, [](const auto& part) { return !part.servers.empty(); });
    if (restore && !found_any) {
      return fail(ErrorKind::not_found,
                  fmt::format("no server says that {} is under way", in_quotes(restore->str())),
                  "check the region (--region) and the account (--profile)");
    }
    return {};
  }

  Task<void> bring_back(const Ec2Sites& sites, std::vector<RecoveryPart> parts) {
    const Executor executor = co_await boost::asio::this_coro::executor;
    const Drawing drawing(executor, report_, surroundings_.clock, surroundings_.redraw_every,
                          [&sites] { return sites.congestion(); });
    summary_.backups = co_await recover(std::move(parts), request_.options);
  }

  RecoverRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  State& state_;
  bool dry_run_;
  DownList down_list_;
  OnDown observer_;
  RunSummary summary_;
};

/// Closes what is open of these servers, without asking EC2.
Task<Result<ExitStatus>> forget(std::vector<InstanceId> instances, Surroundings& surroundings,
                                BackupReport& report, State& state) {
  CO_TRY(const auto open, state.journal.open_backups());
  for (const auto& instance : instances) {
    const auto found = std::ranges::find(open, instance, &OpenBackup::instance);
    if (found == open.end()) {
      co_return fail(ErrorKind::not_found,
                     fmt::format("the journal has no open backup of {}", instance.str()),
                     "pitstop recover --dry-run lists them");
    }
    CO_TRY_STATUS(state.locks.lock(found->run));
    BackupRecord record;
    record.run = found->run;
    record.backup = found->backup;
    record.instance = found->instance;
    record.name = found->name;
    record.region = found->region;
    record.begun = found->opened;
    record.start_when = found->start_when;
    record.outcome = to_string(Outcome::failed);
    record.error_kind = to_string(ErrorKind::interrupted);
    record.error_message = "interrupted, and forgotten by pitstop recover --forget";
    CO_TRY_STATUS(co_await state.logbook.close(std::move(record)));
    report.saw({instance,
                Step::warning,
                surroundings.clock.wall(),
                fmt::format("{}: its backup by the run {} is closed, whatever became of it",
                            instance.str(), found->run.str()),
                {}});
  }
  co_return ExitStatus::done;
}

}  // namespace

Task<ExitStatus> run_recover(RecoverArguments arguments, GlobalOptions options,
                             Surroundings& surroundings, BackupReport& report) {
  auto request = read_arguments(arguments, surroundings.environment);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  const auto state = open_state(options, surroundings);
  if (!state) {
    co_return give_up(state.error(), report);
  }
  if (arguments.forget) {
    const auto forgotten = co_await forget(request->options.only, surroundings, report, **state);
    co_return forgotten ? *forgotten : give_up(forgotten.error(), report);
  }
  const auto subscription =
      surroundings.interruption.subscribe([&report] { report.interrupted(); });
  Recovering recovering(std::move(*request), std::move(options), surroundings, report, **state,
                        arguments.dry_run);
  const auto ended = co_await recovering.run();
  co_return ended ? *ended : give_up(ended.error(), report);
}

}  // namespace pitstop
