#include "cli/demo_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/check.hpp"
#include "cli/backup_command.hpp"
#include "cli/demo_world.hpp"
#include "cli/option_values.hpp"
#include "cli/wiring.hpp"
#include "report/demo_text.hpp"
#include "sim/cloud/truth.hpp"
#include "sim/scenario/demo_scenario.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_demo(CLI::App& app, DemoArguments& arguments) {
  auto* command = app.add_subcommand(
      "demo",
      "Back up two servers of a simulated EC2, and see what it costs.\n\n"
      "Needs no account and no network: the cloud is in this process, and its clock runs faster.\n"
      "db-1 is the classic case: two drives of 150 GB. The times are the simulated ones.");
  const auto* group = "The simulation";
  auto* speed = command
                    ->add_option("--speed", arguments.speed,
                                 "How many seconds pass in a real one; 0: as fast as it goes")
                    ->type_name("FACTOR")
                    ->capture_default_str()
                    ->group(group);
  take_number(*speed, 0, 1e6);
  command->add_option("--seed", arguments.seed, "Decides how long things take")
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--start-when", arguments.start_when,
                   "As for pitstop backup: progress, accepted or completed")
      ->type_name("GATE")
      ->capture_default_str()
      ->group(group);
  command->footer(
      "Examples:\n"
      "  pitstop demo\n"
      "  pitstop demo --speed 600 --start-when completed\n\n" +
      exit_status_help());
  return command;
}

// Run.

namespace {

std::string pace(double speed) {
  return speed > 0 ? fmt::format("{} times as fast as a real one", speed) : "as fast as it goes";
}

std::string name_of(const sim::Instance& instance) {
  const auto name = instance.tags.find("Name");
  return name == instance.tags.end() ? instance.id.str() : name->second;
}

/// Those that were backed up and are up again.
std::vector<DemoServer> costs(const sim::Region& region) {
  std::vector<DemoServer> servers;
  for (const auto& [id, instance] : region.instances) {
    for (const auto& outage : sim::outages_of(region, id)) {
      if (outage.downtime() && outage.limit() && outage.limit_of_waiting()) {
        servers.push_back(
            {name_of(instance), *outage.downtime(), *outage.limit(), *outage.limit_of_waiting()});
      }
    }
  }
  return servers;
}

Task<void> back_up_all(BackupRequest request, GlobalOptions options, DemoWorld& world,
                       BackupReport& report, ExitStatus& status) {
  const auto state = State::in_memory(world.surroundings().clock);
  status = co_await run_backup(std::move(request), std::move(options), world.surroundings(), report,
                               *state);
}

/// Every server of the simulated cloud, and time enough to wait for completion.
Result<BackupRequest> request_for(const DemoArguments& arguments, const sim::Region& region) {
  BackupArguments backup;
  backup.start_when = arguments.start_when;
  backup.max_downtime = "5h";
  backup.yes = true;
  backup.max_down = "100%";
  for (const auto& [id, instance] : region.instances) {
    backup.instances.push_back(id.str());
  }
  return parse_request(backup, Environment());
}

}  // namespace

Task<ExitStatus> run_demo(DemoArguments arguments, GlobalOptions options,
                          Surroundings& surroundings) {
  auto scenario = sim::read_scenario(sim::demo_scenario, "demo.toml");
  CHECK(scenario.has_value());
  scenario->seed = arguments.seed;
  DemoWorld world(std::move(*scenario), surroundings, arguments.speed);
  options.identity = {};
  options.regions = {};
  options.assume_roles = {};
  options.accounts = {};
  const auto report = open_report(options, world.surroundings());
  CHECK(report.has_value());
  auto request = request_for(arguments, world.simulator().region());
  if (!request) {
    const auto status = exit_status_of(request.error());
    (*report)->failed(request.error(), number(status));
    co_return status;
  }
  const bool for_people = options.output == "text";
  if (for_people) {
    surroundings.output << fmt::format("Two servers of a simulated EC2, {}:\n\n",
                                       pace(arguments.speed));
  }
  ExitStatus status = ExitStatus::failed;
  co_await world.run(back_up_all(std::move(*request), options, world, **report, status));
  if (const auto servers = costs(world.simulator().region()); for_people && !servers.empty()) {
    surroundings.output << "\nWhat it cost, as the simulated EC2 saw it:\n\n"
                        << demo_text(servers) << std::flush;
  }
  co_return status;
}

}  // namespace pitstop
