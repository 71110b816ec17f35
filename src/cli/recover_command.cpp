#include "cli/recover_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <set>

#include "backup/recover.hpp"
#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "cli/give_up.hpp"
#include "cli/on_down.hpp"
#include "cli/stranded_report.hpp"
#include "cli/wiring.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_recover(CLI::App& app, RecoverArguments& arguments) {
  auto* command = app.add_subcommand(
      "recover",
      "Bring back the servers that an interrupted run left down.\n\n"
      "Finds them in the journal of this machine, where the process of a run is gone, and by the\n"
      "tag pitstop:down. Starts each one, waits until it stays up, clears away its guard, its\n"
      "capacity reservation and its tag, adopts the snapshots of the run and follows them. A "
      "server\n"
      "that the run found stopped is left stopped. May be interrupted and run again, at any time;\n"
      "every pitstop backup does the same before it begins.");
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
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage,
                        ExitStatus::some_failed, ExitStatus::left_down, ExitStatus::interrupted}));
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
  if (arguments.on_down) {
    TRY(request.on_down, parse_on_down(*arguments.on_down, environment));
  }
  request.options.take_over = arguments.now;
  request.options.wait = !arguments.no_wait;
  return request;
}

/// A region in which something may have been left.
struct Place {
  std::unique_ptr<Ec2Connection> connection;
  Result<StrandedServers> found = StrandedServers();
  std::vector<BackupOutcome> outcomes;
};

/// The region of the options or the profile, and those that the journal knows of, unless the user
/// has named one.
Result<std::vector<Place>> open_places(const GlobalOptions& options,
                                       const Surroundings& surroundings, State& state) {
  std::vector<Place> places;
  const auto open = [&](const GlobalOptions& of_region) -> Status {
    TRY(auto connection, Ec2Connection::open(of_region, surroundings));
    places.push_back({.connection = std::move(connection), .outcomes = {}});
    return {};
  };
  TRY_STATUS(open(options));
  if (options.identity.region) {
    return places;
  }
  TRY(const auto backups, state.journal.open_backups());
  std::set<std::string> known{places.front().connection->region()};
  for (const auto& backup : backups) {
    if (known.insert(backup.region).second) {
      auto of_region = options;
      of_region.identity.region = backup.region;
      TRY_STATUS(open(of_region));
    }
  }
  return places;
}

void say_what_would_be_done(Observer& observer, const StrandedServers& found, WallTime now) {
  for (const auto& server : found.servers) {
    const auto& id = server.instance.id;
    const auto what = server.may_be_down ? fmt::format("would be started (it is {})",
                                                       to_string(server.instance.state))
                                         : std::string("would be left as it is");
    observer.saw(
        {id,
         Step::recovering,
         now,
         fmt::format("{}; left by the run {} ({})", what, server.run.str(), server.left_by),
         {}});
  }
}

Task<void> recover_place(FleetTools tools, RecoveryOptions options, Place& place) {
  place.outcomes = co_await recover(tools, std::move(place.found->servers), std::move(options));
}

ExitStatus status_of(const RunSummary& summary, bool passed_over_lost, bool interrupted) {
  if (std::ranges::any_of(summary.backups, &BackupOutcome::left_down)) {
    return ExitStatus::left_down;
  }
  if (interrupted) {
    return ExitStatus::interrupted;
  }
  if (passed_over_lost) {
    return summary.backups.empty() ? ExitStatus::failed : ExitStatus::some_failed;
  }
  return ExitStatus::done;
}

/// Whether a server that a run of this host has left cannot be found.
bool has_lost_one(const StrandedServers& found) {
  return std::ranges::any_of(found.passed_over, [](const auto& passed_over) {
    return passed_over.second.kind == ErrorKind::not_found;
  });
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
    CO_TRY(places_, open_places(options_, surroundings_, state_));
    CO_TRY_STATUS(co_await find());
    if (!dry_run_) {
      co_await bring_back();
    }
    summary_.recovery = true;
    summary_.dry_run = dry_run_;
    for (auto& place : places_) {
      std::ranges::move(place.outcomes, std::back_inserter(summary_.backups));
      summary_.api_calls += place.connection->wire().calls();
    }
    const auto status = status_of(summary_, lost_, surroundings_.interruption.requested());
    summary_.exit_status = number(status);
    summary_.took = surroundings_.clock.now() - begun;
    report_.ended(summary_);
    co_return status;
  }

 private:
  Task<Status> find() {
    for (auto& place : places_) {
      place.found = co_await find_stranded(tools_of(place), request_.options);
      if (!place.found) {
        co_return fail(place.found.error());
      }
      const auto now = surroundings_.clock.wall();
      tell_of_stranded(report_, *place.found, true, now);
      if (dry_run_) {
        say_what_would_be_done(report_, *place.found, now);
      }
      lost_ |= has_lost_one(*place.found);
    }
    co_return Status();
  }

  Task<void> bring_back() {
    const Executor executor = co_await boost::asio::this_coro::executor;
    const Drawing drawing(executor, report_, surroundings_.clock, surroundings_.redraw_every,
                          [this] { return congestion(); });
    std::vector<Task<void>> tasks;
    for (auto& place : places_) {
      tasks.push_back(recover_place(tools_of(place), request_.options, place));
    }
    co_await concurrently(std::move(tasks));
  }

  std::vector<ec2::Congestion> congestion() const {
    std::vector<ec2::Congestion> everywhere;
    for (const auto& place : places_) {
      std::ranges::move(place.connection->congestion(), std::back_inserter(everywhere));
    }
    return everywhere;
  }

  FleetTools tools_of(Place& place) {
    return place.connection->fleet_tools(surroundings_, observer_, state_.logbook);
  }

  RecoverRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  State& state_;
  bool dry_run_;
  DownList down_list_;
  OnDown observer_;
  std::vector<Place> places_;
  bool lost_ = false;
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
