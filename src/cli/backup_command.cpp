#include "cli/backup_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <charconv>

#include "backup/fleet.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "cli/wiring.hpp"
#include "ec2/tags.hpp"

namespace pitstop {

// Options.

namespace {

struct BackupRequest {
  Selection selection;
  BackupOptions options;
  std::size_t max_down = 1000;
  bool dry_run = false;
};

Result<ec2::Tag> parse_tag(const std::string& text, std::string_view option) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return fail(ErrorKind::usage, fmt::format("{} {} is not KEY=VALUE", option, in_quotes(text)),
                fmt::format("for example {} team=web", option));
  }
  ec2::Tag tag{text.substr(0, equals), text.substr(equals + 1)};
  if (tag.key.size() > ec2::longest_tag_key || tag.value.size() > ec2::longest_tag_value) {
    return fail(
        ErrorKind::usage,
        fmt::format("{} {}…: the tag is too long", option, in_quotes(tag.key.substr(0, 40))),
        fmt::format("EC2 takes {} characters of key and {} of value", ec2::longest_tag_key,
                    ec2::longest_tag_value));
  }
  return tag;
}

Result<ec2::Tag> parse_tag_to_set(const std::string& text) {
  TRY(auto tag, parse_tag(text, "--set-tag"));
  if (tag.key.starts_with("aws:") || tag.key.starts_with("pitstop:")) {
    return fail(ErrorKind::usage,
                fmt::format("--set-tag {}: this key is reserved", in_quotes(tag.key)),
                "keys that begin with aws: belong to AWS, those with pitstop: to pitstop");
  }
  return tag;
}

Result<Selection> parse_selection(const BackupArguments& arguments) {
  Selection selection;
  selection.all = arguments.all;
  for (const auto& text : arguments.instances) {
    TRY(auto id, parse_instance_id(text));
    selection.ids.push_back(std::move(id));
  }
  for (const auto& text : arguments.tags) {
    TRY(auto tag, parse_tag(text, "--tag"));
    selection.tags.push_back(std::move(tag));
  }
  const int ways =
      (selection.ids.empty() ? 0 : 1) + (selection.tags.empty() ? 0 : 1) + (selection.all ? 1 : 0);
  if (ways == 0) {
    return fail(ErrorKind::usage, "no server is named",
                "name instances, or use --tag KEY=VALUE or --all");
  }
  if (ways > 1) {
    return fail(ErrorKind::usage,
                "instance ids, --tag and --all are three ways to name servers, and do not mix",
                "use one of them");
  }
  return selection;
}

Result<std::size_t> parse_max_down(const std::string& text) {
  std::size_t count = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || count == 0) {
    return fail(ErrorKind::usage,
                fmt::format("--max-down {} is not a number of servers", in_quotes(text)),
                "give a whole number from 1 up");
  }
  return count;
}

Result<BackupRequest> parse_request(const BackupArguments& arguments) {
  BackupRequest request;
  TRY(request.selection, parse_selection(arguments));
  TRY(request.options.start_when, parse_start_when(arguments.start_when));
  TRY(request.options.max_downtime, parse_duration(arguments.max_downtime));
  if (arguments.method != "snapshots") {
    return fail(ErrorKind::usage, fmt::format("{} is not a method", in_quotes(arguments.method)),
                "--method takes snapshots");
  }
  for (const auto& text : arguments.exclude_volumes) {
    TRY(auto volume, parse_volume_id(text));
    request.options.exclude_volumes.push_back(std::move(volume));
  }
  for (const auto& text : arguments.set_tags) {
    TRY(auto tag, parse_tag_to_set(text));
    request.options.set_tags.push_back(std::move(tag));
  }
  if (arguments.max_down) {
    TRY(request.max_down, parse_max_down(*arguments.max_down));
  }
  request.options.wait = !arguments.no_wait;
  request.dry_run = arguments.dry_run;
  return request;
}

}  // namespace

// Declaration.

CLI::App* declare_backup(CLI::App& app, BackupArguments& arguments) {
  auto* command = app.add_subcommand("backup", "Back up whole servers with the shortest downtime");
  command->description(
      "Back up every volume of a server: stop it, snapshot all volumes, start it as soon as every\n"
      "snapshot shows progress, and let the snapshots finish while it runs. A server that is "
      "found\n"
      "stopped is backed up and left stopped. Whatever goes wrong, a server that was stopped is "
      "started.");
  command->add_option("instances", arguments.instances, "Instance ids, such as i-0abc1234def567890")
      ->type_name("INSTANCE");
  command
      ->add_option("--tag", arguments.tags,
                   "Every server with this tag; may be repeated (all must match), takes *")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  command->add_flag("--all", arguments.all, "Every running or stopped server of the region");
  command
      ->add_option("--start-when", arguments.start_when,
                   "Start again when every snapshot is: progress (past 0 %), accepted (EC2\n"
                   "has taken the request), completed (slow)")
      ->type_name("GATE")
      ->capture_default_str();
  command
      ->add_option("--max-downtime", arguments.max_downtime,
                   "Start again after that time whatever the snapshots show")
      ->type_name("DURATION")
      ->capture_default_str();
  command->add_option("--max-down", arguments.max_down, "How many servers may be down at a time")
      ->type_name("N");
  command->add_option("--method", arguments.method, "How: snapshots")
      ->type_name("METHOD")
      ->capture_default_str();
  command
      ->add_option("--exclude-volume", arguments.exclude_volumes,
                   "Leave this volume out; may be repeated")
      ->type_name("VOLUME")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--set-tag", arguments.set_tags,
                   "Put this tag onto every snapshot; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  command->add_flag("--no-wait", arguments.no_wait,
                    "End when the servers are up; the snapshots finish by themselves");
  command->add_flag("--dry-run", arguments.dry_run, "Say what would be done, and change nothing");
  command->footer(
      "Examples:\n"
      "  pitstop backup i-0abc1234def567890\n"
      "  pitstop backup --tag backup=weekly --max-down 2 --set-tag kept-for=90d\n"
      "  pitstop backup i-0abc1234def567890 --dry-run\n\n" +
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

RunId new_run_id(const Surroundings& surroundings) {
  return RunId("r-" + surroundings.random.hex(12));
}

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
    outcome.outcome = Outcome::completed;
    if (plans[i]) {
      report.planned(*plans[i]);
    } else {
      outcome.outcome = Outcome::refused;
      outcome.error = plans[i].error();
    }
    outcomes.push_back(std::move(outcome));
  }
  co_return outcomes;
}

/// Everything from the identity to the summary; an error means that no server was touched.
Task<Result<ExitStatus>> try_backup(BackupRequest request, GlobalOptions options,
                                    Surroundings& surroundings, BackupReport& report) {
  const Instant begun = surroundings.clock.now();
  CO_TRY(const auto connection, Ec2Connection::open(options, surroundings));
  CO_TRY(auto servers, co_await select_servers(connection->caller(), request.selection));
  CO_TRY_STATUS(check_exclusions(request.options, servers));
  report.begun(instances_of(servers));

  RunSummary summary;
  summary.run = new_run_id(surroundings);
  summary.dry_run = request.dry_run;
  DownList observer(report, surroundings.down);
  FleetTools tools{connection->wire(), surroundings.clock,        surroundings.random,
                   observer,           surroundings.interruption, connection->usual_patience()};
  {
    const Executor executor = co_await boost::asio::this_coro::executor;
    const Drawing drawing(executor, report, surroundings.clock);
    if (request.dry_run) {
      summary.backups =
          co_await dry_run(tools, report, std::move(servers), request.options, summary.run);
    } else {
      summary.backups = co_await back_up_fleet(tools, std::move(servers), request.options,
                                               summary.run, request.max_down);
    }
  }
  const auto status = exit_status_of(summary.backups, surroundings.interruption.requested());
  summary.exit_status = number(status);
  summary.api_calls = connection->wire().calls();
  summary.took = surroundings.clock.now() - begun;
  report.ended(summary);
  co_return status;
}

}  // namespace

Task<ExitStatus> run_backup(BackupArguments arguments, GlobalOptions options,
                            Surroundings& surroundings) {
  auto report = open_report(options, surroundings);
  if (!report) {
    surroundings.diagnostics << error_lines(report.error());
    co_return exit_status_of(report.error());
  }
  auto request = parse_request(arguments);
  if (!request) {
    (*report)->failed(request.error(), number(exit_status_of(request.error())));
    co_return exit_status_of(request.error());
  }
  auto ended = co_await try_backup(std::move(*request), options, surroundings, **report);
  if (!ended) {
    (*report)->failed(ended.error(), number(exit_status_of(ended.error())));
    co_return exit_status_of(ended.error());
  }
  co_return *ended;
}

}  // namespace pitstop
