#include "cli/report_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/contains.hpp"
#include "cli/exit_status.hpp"
#include "cli/point_in_time.hpp"
#include "cli/wiring.hpp"
#include "report/figures.hpp"
#include "report/figures_json.hpp"
#include "report/figures_text.hpp"

namespace pitstop {

// Options and declaration.

namespace {

constexpr auto figures_help = R"(The figures:
  backups         those that began in the period and have ended; good: every snapshot is made, if
                  not complete yet; refused: nothing was done
  downtime        from the request to stop until EC2 showed the server running; none if it was found
                  stopped. Its phases: stop, snapshot (until EC2 took the request), gate, start.
                  Median and worst are of single backups
  availability    1 - downtime / period, cut, not rounded; two nines are 99 % and more. The period
                  is from --since, or from a server's first backup, to --until. Of all servers: of
                  their time together
  at the cadence  1 - median downtime / median time from a stop of a server to its next (or
                  --cadence): what the schedule costs, without what happened once
  saved           from the request to start until the last snapshot was complete: what waiting for
                  it would have added. Unknown if nobody followed the snapshots to their end
  left down       servers that could not be started again: down until a later backup finds them
                  running, or to the end of the period, for nobody told when they came back
)";

}  // namespace

CLI::App* declare_report(CLI::App& app, ReportArguments& arguments) {
  auto* command = app.add_subcommand(
      "report",
      "Downtime, availability and hours saved, from the backups of the past.\n\n"
      "Reads the journal that pitstop backup keeps on this machine; asks nothing of AWS.");
  const auto* group = "Which backups";
  command->add_option("instances", arguments.instances, "Of these servers (default: all)")
      ->type_name("INSTANCE")
      ->expected(0, CLI::detail::expected_max_vector_size)
      ->group(group);
  command
      ->add_option("--since", arguments.since,
                   "Begun then or later: 2026-11-01, 2026-11-01T06:30:00Z, or an age: 90d")
      ->type_name("TIME")
      ->group(group);
  command->add_option("--until", arguments.until, "Begun before (default: now)")
      ->type_name("TIME")
      ->group(group);
  command
      ->add_option("--cadence", arguments.cadence,
                   "How often a server is backed up (default: as it was)")
      ->type_name("DURATION")
      ->group(group);
  command->footer(fmt::format(
      "{}\n"
      "Examples:\n"
      "  pitstop report --since 90d\n"
      "  pitstop report i-0abc1234def567890 --cadence 7d\n\n"
      "{}",
      figures_help, exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage})));
  return command;
}

// Run.

namespace {

struct ReportRequest {
  std::vector<InstanceId> instances;
  ReportPeriod period;
  std::optional<Duration> cadence;
};

Result<std::optional<Duration>> parse_cadence(const std::optional<std::string>& text) {
  if (!text) {
    return std::nullopt;
  }
  auto cadence = parse_duration(*text);
  if (!cadence) {
    return fail(within("--cadence", std::move(cadence).error()));
  }
  if (*cadence == Duration(0)) {
    return fail(ErrorKind::usage, fmt::format("--cadence {} is no time at all", *text),
                "it takes the time from one backup to the next, such as 7d");
  }
  return *cadence;
}

Result<ReportRequest> parse_report_request(const ReportArguments& arguments, WallTime now) {
  ReportRequest request;
  for (const auto& text : arguments.instances) {
    TRY(auto id, parse_instance_id(text));
    request.instances.push_back(std::move(id));
  }
  TRY(request.period.since, parse_point_in_time("--since", arguments.since, now));
  TRY(const auto until, parse_point_in_time("--until", arguments.until, now));
  request.period.until = std::min(until.value_or(now), now);
  if (request.period.since && *request.period.since >= request.period.until) {
    return fail(ErrorKind::usage,
                fmt::format("--since {} is not before {}", *arguments.since,
                            until && *until < now ? "--until " + *arguments.until : "now"),
                "the period is from --since to --until, which is now at the latest");
  }
  TRY(request.cadence, parse_cadence(arguments.cadence));
  return request;
}

/// Why there are no figures, of a server or of any; `records` are all that there are.
std::unexpected<Error> nothing_of(const std::string& whose,
                                  const std::vector<BackupRecord>& records) {
  if (records.empty()) {
    return fail(ErrorKind::not_found, fmt::format("no backup{} is in the journal", whose),
                "pitstop backup writes each one down; pitstop report shows all that is there, and "
                "--state-dir names another journal");
  }
  return fail(ErrorKind::not_found, fmt::format("no backup{} began in this period", whose),
              fmt::format("the first in the journal began {}, the last {}",
                          rfc3339(records.front().begun), rfc3339(records.back().begun)));
}

Status check_found(const ReportRequest& request, const std::vector<BackupRecord>& records,
                   const ReportFigures& figures) {
  for (const auto& instance : request.instances) {
    if (!contains(figures.servers, instance, &ServerFigures::instance)) {
      auto of_instance = records;
      std::erase_if(of_instance, [&](const auto& other) { return other.instance != instance; });
      return nothing_of(" of " + instance.str(), of_instance);
    }
  }
  if (figures.servers.empty()) {
    return nothing_of("", records);
  }
  return {};
}

}  // namespace

Status run_report(const ReportArguments& arguments, const GlobalOptions& options,
                  const Surroundings& surroundings) {
  TRY(const auto request, parse_report_request(arguments, surroundings.clock.wall()));
  TRY(const auto journal, find_journal(options, surroundings));
  TRY(const auto records, journal.backups({.instances = request.instances}));
  const auto figures = figures_of(records, request.period, request.cadence);
  TRY_STATUS(check_found(request, records, figures));
  if (options.output == "json") {
    write_figures_json(figures, surroundings.output);
  } else {
    surroundings.output << figures_text(figures) << std::flush;
  }
  return {};
}

}  // namespace pitstop
