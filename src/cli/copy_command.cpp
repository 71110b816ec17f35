#include "cli/copy_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "base/concurrently.hpp"
#include "cli/copy_plans.hpp"
#include "cli/drawing.hpp"
#include "cli/give_up.hpp"
#include "cli/known_backups.hpp"
#include "copy/sharing.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_copy(CLI::App& app, CopyArguments& arguments) {
  auto* command = app.add_subcommand(
      "copy",
      "Copy backups to another region, or into another account.\n\n"
      "Of each server the newest complete backup, unless others are named. What is there already\n"
      "is not copied again, so it may be called often, and goes on where it was interrupted. A\n"
      "copy keeps the id and the tags of its backup: where it is, list, restore and prune treat "
      "it\n"
      "like any other. Servers have nothing to do with it.");
  declare_servers(*command, arguments, false);
  const auto* which = "Which backups";
  command->add_option("--backup", arguments.backups, "This one; may be repeated")
      ->type_name("BACKUP")
      ->expected(1)
      ->take_all()
      ->group(which);
  command
      ->add_option("--since", arguments.since,
                   "All complete ones taken then or later: 2026-11-01, or an age: 7d")
      ->type_name("TIME")
      ->group(which);
  command->add_option("--policy", arguments.policy, "Of those that this policy asked for")
      ->type_name("NAME")
      ->group(which);
  declare_safety_backups(*command, arguments.safety_backups, which);
  declare_copy_destination(*command, arguments.destination, "--", "Where to");
  const auto* how = "How";
  command
      ->add_flag("--no-wait", arguments.no_wait,
                 "Begin as many copies as there is room for, and end: EC2 takes 20 at a\n"
                 "time into a region. The next call goes on")
      ->group(how);
  command->add_flag("--dry-run", arguments.dry_run, "Say what would be copied, and copy nothing")
      ->group(how);
  command->footer(
      "Examples:\n"
      "  pitstop copy --to-region eu-west-1\n"
      "  pitstop copy i-0abc1234def567890 --to-region eu-west-1 --kms-key alias/backup\n"
      "  pitstop copy --to-role arn:aws:iam::123456789012:role/pitstop-copies --no-wait\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage}) +
      "  3    one could not be copied; or an account or region gave no answer\n"
      "  130  interrupted: what was begun goes on in EC2\n");
  return command;
}

// Run.

namespace {

Task<void> copy_into_slot(CopyTools tools, CopyPlan plan, CopyOptions options, CopyOutcome& slot) {
  slot = co_await copy_backup(tools, std::move(plan), std::move(options));
}

/// Where copies arrive, and who watches them there.
struct CopyDoor {
  CopyDoor(ec2::Caller& caller, Clock& clock) : arrivals(caller, clock) {}

  ec2::Watch<ec2::Snapshot> arrivals;
  CopyRoom room;
};

class CopyRun {
 public:
  CopyRun(CopyRequest request, GlobalOptions options, Surroundings& surroundings,
          BackupReport& report)
      : request_(std::move(request)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report) {}

  Task<Result<ExitStatus>> run() {
    CO_TRY(auto sites, Ec2Sites::open(options_, surroundings_));
    sites_.emplace(std::move(sites));
    CO_TRY(plans_, co_await plan_copies(*sites_, request_, options_, surroundings_, report_));
    show_plans();
    if (!request_.dry_run) {
      CO_TRY_STATUS(open_doors());
      co_await close_what_was_left_open();
      co_await carry_out();
    }
    co_return end();
  }

  bool has_begun_some() const {
    return std::ranges::any_of(end_.copies, [](const CopyOutcome& outcome) {
      return outcome.result == CopyResult::copied || outcome.result == CopyResult::following;
    });
  }

  std::vector<std::string> regions() const {
    std::set<std::string> names;
    for (const auto& sited : plans_.plans) {
      names.insert(sited.plan.route.to_region);
    }
    return {names.begin(), names.end()};
  }

 private:
  static bool is_to_be_told(const SitedCopyPlan& sited) {
    const auto state = sited.plan.state;
    return state == CopyState::to_copy || state == CopyState::pass_over;
  }

  bool is_quiet() const {
    return request_.quiet && std::ranges::none_of(plans_.plans, is_to_be_told);
  }

  void show_plans() {
    std::vector<ec2::Instance> servers;
    std::vector<ShownCopyPlan> shown;
    for (const auto& [plan, from, to] : plans_.plans) {
      servers.push_back(as_instance(plan.set.instance, plan.set.name));
      shown.push_back({plan, sites_->all()[from].name(), sites_->all()[to].name()});
    }
    if (is_quiet()) {
      return;
    }
    if (options_.output == "json") {
      write_copy_plans_json(shown, surroundings_.output);
    } else {
      surroundings_.output << copy_plans_text(shown, request_.dry_run) << std::flush;
    }
    report_.begun(servers);
  }

  Status open_doors() {
    for (const auto& [plan, from, to] : plans_.plans) {
      const auto& there = *sites_->all()[to].connection;
      if (!doors_.contains(to)) {
        doors_.emplace(to, std::make_unique<CopyDoor>(sites_->all()[to].connection->caller(),
                                                      surroundings_.clock));
      }
      if (!signing_.contains({from, to})) {
        TRY(auto identity, there.identity().in_region(plan.route.from_region));
        signing_.emplace(std::pair(from, to), std::move(identity));
      }
    }
    return {};
  }

  CopyTools tools(std::size_t from, std::size_t to) {
    auto& door = *doors_.at(to);
    return {.from = sites_->all()[from].connection->caller(),
            .to = sites_->all()[to].connection->caller(),
            .arrivals = door.arrivals,
            .room = door.room,
            .signing = signing_.at({from, to}),
            .clock = surroundings_.clock,
            .observer = report_,
            .interruption = surroundings_.interruption};
  }

  Task<void> close_what_was_left_open() {
    const auto account = account_of_role(request_.destination.role);
    for (const auto& [route, backups] : plans_.to_close) {
      for (const auto& backup : backups) {
        const auto closed = co_await close_to(tools(route.first, route.second), backup, account);
        if (!closed) {
          report_.site_failed(sites_->all()[route.first].name(), closed.error());
          failed_to_close_ = true;
        }
      }
    }
  }

  /// Those that were begun take their places first.
  Task<void> carry_out() {
    const Executor executor = co_await boost::asio::this_coro::executor;
    const Drawing drawing(executor, report_, surroundings_.clock, surroundings_.redraw_every,
                          [this] { return sites_->congestion(); });
    const CopyOptions options{.encryption = request_.destination.encryption,
                              .wait = request_.waits};
    end_.copies.resize(plans_.plans.size());
    std::vector<Task<void>> tasks;
    for (const auto state : {CopyState::under_way, CopyState::to_copy, CopyState::is_there,
                             CopyState::not_yet, CopyState::pass_over}) {
      for (std::size_t i = 0; i < plans_.plans.size(); ++i) {
        auto& [plan, from, to] = plans_.plans[i];
        if (plan.state == state) {
          tasks.push_back(copy_into_slot(tools(from, to), plan, options, end_.copies[i]));
        }
      }
    }
    co_await concurrently(std::move(tasks));
  }

  ExitStatus end() {
    const auto status = status_at_end();
    end_.exit_status = number(status);
    end_.silent_sites = {plans_.silent_sites.begin(), plans_.silent_sites.end()};
    if (is_quiet() && status == ExitStatus::done) {
      return status;
    }
    report_.copied(end_);
    return status;
  }

  ExitStatus status_at_end() const {
    const auto has = [&](CopyResult result) {
      return std::ranges::any_of(
          end_.copies, [&](const CopyOutcome& outcome) { return outcome.result == result; });
    };
    if (has(CopyResult::interrupted)) {
      return ExitStatus::interrupted;
    }
    const bool is_fine =
        !has(CopyResult::failed) && plans_.silent_sites.empty() && !failed_to_close_;
    return is_fine ? ExitStatus::done : ExitStatus::some_failed;
  }

  CopyRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  std::optional<Ec2Sites> sites_;
  CopyPlans plans_;
  std::map<std::size_t, std::unique_ptr<CopyDoor>> doors_;  ///< by the site of the copies
  std::map<std::pair<std::size_t, std::size_t>, Identity> signing_;
  bool failed_to_close_ = false;
  CopyEnd end_;
};

}  // namespace

Task<PolicyCopied> copy_for_policy(std::string policy, CopyDestination destination, bool dry_run,
                                   GlobalOptions options, Surroundings& surroundings,
                                   BackupReport& report) {
  constexpr Duration before_another_try = std::chrono::hours(1);
  CopyRequest request{.selection = {},
                      .policy = std::move(policy),
                      .wishes = {.retry_failed_after = before_another_try},
                      .destination = std::move(destination),
                      .waits = false,
                      .dry_run = dry_run,
                      .quiet = true};
  CopyRun copying(std::move(request), std::move(options), surroundings, report);
  const auto ended = co_await copying.run();
  co_return PolicyCopied{.status = ended ? *ended : give_up(ended.error(), report),
                         .begun_some = copying.has_begun_some(),
                         .regions = copying.regions()};
}

Task<ExitStatus> run_copy(CopyArguments arguments, GlobalOptions options,
                          Surroundings& surroundings, BackupReport& report) {
  auto request = parse_copy_request(arguments, surroundings.clock.wall());
  if (!request) {
    co_return give_up(request.error(), report);
  }
  CopyRun copying(*std::move(request), std::move(options), surroundings, report);
  const auto ended = co_await copying.run();
  co_return ended ? *ended : give_up(ended.error(), report);
}

}  // namespace pitstop
