#include "cli/list_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "cli/give_up.hpp"
#include "cli/known_backups.hpp"
#include "cli/known_restores.hpp"
#include "cli/option_values.hpp"
#include "cli/point_in_time.hpp"
#include "ec2/instances.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_list(CLI::App& app, ListArguments& arguments) {
  auto* command = app.add_subcommand(
      "list",
      "The backups that there are, and whether each can be restored.\n\n"
      "Asks EC2, by the tags of snapshots: no journal is needed, and a server need not exist any\n"
      "more to be named by its id. What opened the gate is known where the backup was taken from\n"
      "this machine. A backup is complete, pending, incomplete (a volume's snapshot is not "
      "there),\n"
      "failed, archived (it has to be brought back from the archive tier first), or suspect (its\n"
      "tags say what EC2 contradicts). Only a complete one is good. Changes nothing.");
  declare_servers(*command, arguments, false);
  const auto* group = "Which backups";
  command->add_option("--policy", arguments.policy, "Those that this policy asked for")
      ->type_name("NAME")
      ->group(group);
  command
      ->add_option("--since", arguments.since,
                   "Taken then or later: 2026-11-01, 2026-11-01T06:30:00Z, or an age: 90d")
      ->type_name("TIME")
      ->group(group);
  command->add_option("--until", arguments.until, "Taken before")->type_name("TIME")->group(group);
  auto* latest =
      command->add_option("--latest", arguments.latest, "The newest so many of each server")
          ->type_name("N")
          ->group(group);
  take_number(*latest, 1, std::numeric_limits<double>::infinity());
  command->add_flag("--failed", arguments.failed, "Those that are incomplete, failed or suspect")
      ->group(group);
  command
      ->add_flag("--restores", arguments.restores,
                 "Not backups but restores: what each has made, and what it keeps")
      ->group(group);
  command
      ->add_option("--max-age", arguments.max_age,
                   "For monitoring: end with status 3 when a server has no good backup\n"
                   "younger than that. Of the servers that are named; else of those that\n"
                   "exist and have any backup")
      ->type_name("DURATION")
      ->group("Whether there are enough");
  declare_safety_backups(*command, arguments.safety_backups, "Whether there are enough");
  command->footer(
      "Examples:\n"
      "  pitstop list\n"
      "  pitstop list i-0abc1234def567890 --latest 5\n"
      "  pitstop list --all --max-age 8d\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage}) +
      "  3    a server is overdue by --max-age; or an account or region gave no answer\n");
  return command;
}

// Run.

namespace {

struct ListRequest {
  std::optional<Selection> selection;
  std::optional<std::string> policy;
  std::optional<WallTime> since;
  std::optional<WallTime> until;
  std::size_t latest = 0;  ///< 0: all
  bool failed = false;
  std::optional<Duration> max_age;
  bool counts_safety_backups = false;
};

Result<ListRequest> read_arguments(const ListArguments& arguments, WallTime now) {
  ListRequest request;
  TRY(request.selection, parse_selection_if_any(arguments));
  TRY(request.since, parse_point_in_time("--since", arguments.since, now));
  TRY(request.until, parse_point_in_time("--until", arguments.until, now));
  if (arguments.max_age) {
    auto max_age = parse_duration(*arguments.max_age);
    if (!max_age) {
      return fail(within("--max-age", std::move(max_age).error()));
    }
    request.max_age = *max_age;
  }
  request.policy = arguments.policy;
  request.latest = static_cast<std::size_t>(arguments.latest.value_or(0));
  request.failed = arguments.failed;
  request.counts_safety_backups = arguments.safety_backups;
  return request;
}

class Listing {
 public:
  Listing(ListRequest request, const Ec2Sites& sites)
      : request_(std::move(request)), sites_(sites) {}

  Task<Result<BackupList>> run(const GlobalOptions& options, const Surroundings& surroundings,
                               BackupReport& report) {
    BackupSearch search{.policy = request_.policy};
    if (request_.selection) {
      CO_TRY(expected_, co_await named_servers(sites_, *request_.selection));
      for (const auto& server : expected_) {
        search.instances.push_back(server.instance);
      }
    }
    CO_TRY(auto list,
           co_await known_backups(sites_, std::move(search), options, surroundings, report));
    list.max_age = request_.max_age;
    if (request_.max_age) {
      CO_TRY(list.overdue, co_await overdue_in(list));
    }
    filter(list.backups);
    co_return list;
  }

 private:
  Task<Result<std::vector<OverdueServer>>> overdue_in(const BackupList& list) {
    if (!request_.selection) {
      CO_TRY_STATUS(co_await expect_those_that_exist(list.backups));
    }
    std::map<InstanceId, const BackupSet*> newest_good;
    for (const auto& backup : list.backups) {
      const bool counts = !backup.set.before_restore || request_.counts_safety_backups;
      if (backup.set.state == SetState::complete && counts) {
        newest_good.emplace(backup.set.instance, &backup.set);
      }
    }
    std::vector<OverdueServer> overdue;
    for (const auto& [instance, name] : expected_) {
      const auto good = newest_good.find(instance);
      if (good == newest_good.end()) {
        overdue.push_back({instance, name});
      } else if (list.now - good->second->taken > *list.max_age) {
        overdue.push_back({instance, good->second->name, good->second->taken});
      }
    }
    co_return overdue;
  }

  /// Nobody misses the backups of a server that is gone.
  Task<Status> expect_those_that_exist(const std::vector<ListedBackup>& backups) {
    std::map<std::size_t, std::set<InstanceId>> of_sites;
    for (const auto& backup : backups) {
      of_sites[backup.set.site].insert(backup.set.instance);
    }
    for (const auto& [site, ids] : of_sites) {
      auto* caller = sites_.callers()[site];
      std::vector<InstanceId> asked(ids.begin(), ids.end());
      CO_TRY(const auto known, co_await ec2::find_instances(*caller, std::move(asked)));
      for (const auto& instance : known) {
        if (!ec2::is_gone(instance)) {
          expected_.push_back({instance.id, instance.name().value_or("")});
        }
      }
    }
    if (expected_.empty()) {
      co_return fail(ErrorKind::not_found, "no server that exists has a backup",
                     "check the region (--region) and the account (--profile); --all expects one "
                     "of every server");
    }
    co_return Status();
  }

  void filter(std::vector<ListedBackup>& backups) const {
    std::map<std::pair<std::size_t, InstanceId>, std::size_t> shown;
    std::erase_if(backups, [&](const ListedBackup& backup) {
      const auto& set = backup.set;
      const bool is_bad = set.state == SetState::failed || set.state == SetState::incomplete ||
                          set.state == SetState::suspect;
      if ((request_.since && set.taken < *request_.since) ||
          (request_.until && set.taken >= *request_.until) || (request_.failed && !is_bad)) {
        return true;
      }
      return request_.latest > 0 && ++shown[{set.site, set.instance}] > request_.latest;
    });
  }

  ListRequest request_;
  const Ec2Sites& sites_;
  /// Those that ought to have a backup.
  std::vector<NamedServer> expected_;
};

ExitStatus status_of(const BackupList& list) {
  return list.overdue.empty() && list.silent_sites.empty() ? ExitStatus::done
                                                           : ExitStatus::some_failed;
}

Task<Result<ExitStatus>> list_backups(ListRequest request, GlobalOptions options,
                                      Surroundings& surroundings, BackupReport& report) {
  CO_TRY(const auto sites, Ec2Sites::open(options, surroundings));
  Listing listing(std::move(request), sites);
  CO_TRY(const auto list, co_await listing.run(options, surroundings, report));
  const auto status = status_of(list);
  if (options.output == "json") {
    write_backup_list_json(list, number(status), surroundings.output);
  } else {
    surroundings.output << backup_list_text(list) << std::flush;
  }
  co_return status;
}

}  // namespace

Task<ExitStatus> run_list(ListArguments arguments, GlobalOptions options,
                          Surroundings& surroundings, BackupReport& report) {
  if (arguments.restores) {
    co_return co_await run_list_restores(std::move(options), surroundings, report);
  }
  auto request = read_arguments(arguments, surroundings.clock.wall());
  if (!request) {
    co_return give_up(request.error(), report);
  }
  const auto listed =
      co_await list_backups(*std::move(request), std::move(options), surroundings, report);
  co_return listed ? *listed : give_up(listed.error(), report);
}

}  // namespace pitstop
