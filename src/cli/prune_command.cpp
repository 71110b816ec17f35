#include "cli/prune_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ranges>
#include <set>

#include "base/check.hpp"
#include "base/contains.hpp"
#include "cli/config_option.hpp"
#include "cli/give_up.hpp"
#include "cli/known_backups.hpp"
#include "cli/prune_obstacles.hpp"
#include "cli/prune_policies.hpp"
#include "prune/shared_backups.hpp"
#include "report/prune_figures.hpp"
#include "report/prune_json.hpp"
#include "report/prune_text.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_prune(CLI::App& app, PruneArguments& arguments) {
  auto* command = app.add_subcommand(
      "prune",
      "Say which backups no rule keeps, and with --delete remove them.\n\n"
      "Says of each backup why it is kept or what its removal frees, at most: snapshots are\n"
      "incremental. Only whole backups go, and only pitstop's. The newest good one of a server\n"
      "always stays, and so does what is pending; only good ones count as kept. One that is "
      "locked,\n"
      "or that an image of somebody else stands on, is told of and left as it is; so is one that\n"
      "is suspect: its tags say what EC2 contradicts. May be interrupted: the next prune goes on.");
  declare_servers(*command, arguments, false);
  command
      ->add_option("--policy", arguments.policy,
                   "Only the backups that this policy asked for: others are neither\n"
                   "removed nor counted. Without other rules: by those of the policy")
      ->type_name("NAME")
      ->group("Which backups");
  declare_config(*command, arguments.config);
  declare_keep_rules(*command, arguments);
  declare_safety_backups(*command, arguments.safety_backups, keep_rules_group);
  command
      ->add_option("--time-zone", arguments.time_zone,
                   "Where hours, days, … begin: \"Europe/Berlin\" (default: UTC)")
      ->type_name("ZONE")
      ->group(keep_rules_group);
  const auto* group = "What is done";
  command->add_flag("--delete", arguments.deletes, "Remove them")->group(group);
  command->add_flag("--yes", arguments.yes, "Ask nobody before that")->group(group);
  command->footer(
      "Examples:\n"
      "  pitstop prune --keep-daily 7 --keep-weekly 5 --keep-monthly 12\n"
      "  pitstop prune --policy web --keep-within 30d --delete --yes\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage}) +
      "  3    one could not be removed; or an account or region gave no answer\n"
      "  130  interrupted\n");
  return command;
}

// Run.

namespace {

class PruneRun {
 public:
  PruneRun(PruneRequest request, GlobalOptions options, Surroundings& surroundings,
           BackupReport& report)
      : request_(std::move(request)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report) {}

  Task<Result<ExitStatus>> run() {
    CO_TRY(auto sites, Ec2Sites::open(options_, surroundings_));
    sites_.emplace(std::move(sites));
    CO_TRY(auto search, co_await wanted());
    CO_TRY(auto remains, co_await find_remains(std::move(search)));
    co_await find_detached(remains);
    CO_TRY(plans_, make_plans(std::move(remains), request_.rules));
    CO_TRY_STATUS(co_await ask_other_policies());
    co_await find_obstacles();
    hold_what_depends_on_silent_sites();
    show_plans();
    if (!request_.deletes) {
      co_return end();
    }
    show_deletion();
    CO_TRY_STATUS(co_await confirm());
    co_await remove();
    co_return end();
  }

 private:
  /// What is kept of copies has rules of its own, and so they are looked at by themselves.
  enum class Kind { originals, copies };

  static const PruneRules* rules_for(Kind kind, const RetentionRules& all) {
    const auto& rules = kind == Kind::copies ? all.copies : all.originals;
    return rules ? &*rules : nullptr;
  }

  struct Remains {
    Kind kind;
    ServerRemains of_server;
  };

  Task<Result<BackupSearch>> wanted() {
    BackupSearch search{.policy = request_.policy};
    if (request_.selection) {
      CO_TRY(const auto servers, co_await named_servers(*sites_, *request_.selection));
      for (const auto& server : servers) {
        search.instances.push_back(server.instance);
      }
      CHECK(!search.instances.empty());  // nobody would be everybody
    }
    co_return search;
  }

  Task<Result<std::vector<Remains>>> find_remains(BackupSearch search) {
    CO_TRY(auto list, co_await known_backups(*sites_, search, options_, surroundings_, report_));
    silent_.insert(list.silent_sites.begin(), list.silent_sites.end());
    std::vector<Remains> remains;
    std::vector<BackupSet> sets;
    for (auto& [set, site, record] : list.backups) {
      sets.push_back(set);
      const auto kind = set.copied_from ? Kind::copies : Kind::originals;
      remains_of(remains, set, set.site, kind).sets.push_back(std::move(set));
    }
    CO_TRY(auto found,
           co_await find_leftovers(sites_->callers(), std::move(search), std::move(sets)));
    for (const auto& [site, error] : found.silent_sites) {
      went_silent(site, error);
    }
    for (auto& leftover : found.items) {
      remains_of(remains, leftover, leftover.site, Kind::originals).leftovers.push_back(leftover);
    }
    co_return remains;
  }

  /// That of the server of a set or leftover, in the order in which they are first asked for.
  template <class Thing>
  ServerRemains& remains_of(std::vector<Remains>& all, const Thing& thing, std::size_t site,
                            Kind kind) const {
    // Backups come by server: it is the last one, or a new one.
    for (auto& [known_kind, known] : all | std::views::reverse) {
      if (known.instance == thing.instance && known.site == site && known_kind == kind) {
        return known;
      }
    }
    all.push_back({kind,
                   {.instance = thing.instance,
                    .name = thing.name,
                    .site = site,
                    .site_name = sites_->all()[site].name()}});
    return all.back().of_server;
  }

  /// Each is told of once.
  void went_silent(std::size_t site, const Error& error) {
    const auto name = sites_->all()[site].name();
    if (silent_.insert(name).second) {
      report_.site_failed(name, error);
    }
  }

  /// Nothing of a backup is removed that a run of this machine has not closed.
  Result<std::vector<OpenBackup>> under_way() const {
    const auto journal = find_journal(options_, surroundings_);
    if (journal) {
      return journal->open_backups();
    }
    if (journal.error().kind == ErrorKind::not_found) {
      return std::vector<OpenBackup>();
    }
    return fail(journal.error());
  }

  Task<void> find_detached(const std::vector<Remains>& remains) {
    for (const auto& [kind, of_server] : remains) {
      auto& caller = *sites_->callers()[of_server.site];
      auto found = co_await detached_of(caller, volumes_replaced_by_restores(of_server.sets));
      std::ranges::move(found, std::back_inserter(detached_));
    }
  }

  Result<std::vector<ServerPrune>> make_plans(std::vector<Remains> remains,
                                              const RetentionRules& all_rules) const {
    TRY(auto open, under_way());
    const PruneMoment moment{
        .now = surroundings_.clock.wall(), .open = std::move(open), .detached = detached_};
    std::vector<ServerPrune> plans;
    for (auto& [kind, of_server] : remains) {
      if (const auto* rules = rules_for(kind, all_rules)) {
        plans.push_back(plan_prune(std::move(of_server), *rules, moment));
      }
    }
    return plans;
  }

  /// What another policy has asked for as well goes only when that one does not keep it either.
  Task<Status> ask_other_policies() {
    if (!request_.policy) {
      co_return Status();
    }
    for (const auto& name : policies_to_ask(plans_, *request_.policy)) {
      const auto rules = request_.rules_of_others.find(name);
      std::optional<std::vector<ServerPrune>> plans;
      if (rules != request_.rules_of_others.end()) {
        CO_TRY(plans, co_await plans_of_policy(name, rules->second));
      }
      keep_for_policy(name, plans, plans_);
    }
    co_return Status();
  }

  Task<Result<std::vector<ServerPrune>>> plans_of_policy(std::string name, RetentionRules rules) {
    BackupSearch search{.policy = std::move(name)};
    for (const auto& plan : plans_) {
      if (!contains(search.instances, plan.instance)) {
        search.instances.push_back(plan.instance);
      }
    }
    CO_TRY(auto remains, co_await find_remains(std::move(search)));
    co_return make_plans(std::move(remains), rules);
  }

  /// At a site that does not say, nothing is removed.
  Task<void> find_obstacles() {
    const auto callers = sites_->callers();
    for (std::size_t site = 0; site < callers.size(); ++site) {
      auto snapshots = snapshots_to_remove(site);
      if (snapshots.empty()) {
        continue;
      }
      const auto obstacles = co_await obstacles_at(*callers[site], std::move(snapshots));
      if (!obstacles) {
        went_silent(site, obstacles.error());
        std::erase_if(plans_, [&](const ServerPrune& plan) { return plan.site == site; });
        continue;
      }
      for (auto& plan : plans_) {
        if (plan.site == site) {
          pass_over_what_cannot_go(plan, *obstacles);
        }
      }
    }
  }

  /// A copy may be the only one that is left of a backup whose own region is lost.
  void hold_what_depends_on_silent_sites() {
    for (const auto& site : sites_->all()) {
      if (silent_.contains(site.name())) {
        hold_copies_from(*site.connection, site.name(), plans_);
      }
    }
  }

  std::vector<std::string> silent_sites() const { return {silent_.begin(), silent_.end()}; }

  void show_deletion() {
    if (deletions_of(plans_).empty()) {
      return;
    }
    if (options_.output == "json") {
      write_deletion_json(plans_, silent_sites(), surroundings_.output);
    } else {
      surroundings_.output << deletion_text(plans_, silent_sites()) << std::flush;
    }
  }

  std::vector<SnapshotId> snapshots_to_remove(std::size_t site) const {
    std::vector<SnapshotId> ids;
    for (const auto& plan : plans_) {
      for (const auto& [set, fate, reasons] : plan.backups) {
        if (plan.site == site && fate == Fate::remove) {
          std::ranges::transform(set.snapshots, std::back_inserter(ids), &SetSnapshot::id);
        }
      }
    }
    return ids;
  }

  void show_plans() {
    std::vector<ec2::Instance> servers;
    for (const auto& plan : plans_) {
      servers.push_back(as_instance(plan.instance, plan.name));
    }
    report_.begun(servers);
    if (options_.output == "json") {
      write_verdicts_json(plans_, surroundings_.output);
    } else {
      surroundings_.output << prune_plan_text(plans_, zone()) << std::flush;
    }
  }

  const TimeZone& zone() const {
    const auto& rules = request_.rules;
    return (rules.originals ? *rules.originals : *rules.copies).keep.zone;
  }

  Task<Status> confirm() {
    const auto figures = figures_of(plans_);
    const auto going = figures.to_remove + figures.leftovers_to_remove;
    if (going == 0 || request_.confirmed) {
      co_return Status();
    }
    if (!surroundings_.ask) {
      co_return fail(ErrorKind::usage,
                     "backups are to be removed, and nobody is here to be asked whether that is "
                     "meant",
                     "--yes says that it is; without --delete nothing is done");
    }
    report_.hold_still(true);
    std::string question = going == 1 ? "Remove it? [y/N] " : "Remove them? [y/N] ";
    const bool yes = co_await surroundings_.ask(std::move(question));
    report_.hold_still(false);
    CO_TRY_STATUS(still_wanted(surroundings_.interruption));
    if (!yes) {
      co_return fail(ErrorKind::refused, "nothing was deleted: the answer was no");
    }
    co_return Status();
  }

  Task<void> remove() {
    removed_.emplace();
    const auto callers = sites_->callers();
    for (const auto& plan : plans_) {
      const PruneTools tools{.ec2 = *callers[plan.site],
                             .clock = surroundings_.clock,
                             .observer = report_,
                             .interruption = surroundings_.interruption};
      *removed_ += co_await remove_backups(tools, plan);
    }
  }

  ExitStatus end() {
    const auto status = status_at_end();
    if (options_.output == "json") {
      const PruneEnd end{
          .exit_status = number(status), .removed = removed_, .silent_sites = silent_sites()};
      write_prune_summary_json(plans_, end, surroundings_.output);
    } else {
      surroundings_.output << (removed_ ? removed_text(*removed_) : nothing_deleted_line())
                           << std::flush;
    }
    return status;
  }

  ExitStatus status_at_end() const {
    if (removed_ && surroundings_.interruption.requested()) {
      return ExitStatus::interrupted;
    }
    const bool all_removed = !removed_ || removed_->not_removed == 0;
    return all_removed && silent_.empty() ? ExitStatus::done : ExitStatus::some_failed;
  }

  PruneRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  std::optional<Ec2Sites> sites_;
  std::set<std::string> silent_;
  std::vector<VolumeId> detached_;
  std::vector<ServerPrune> plans_;
  std::optional<Removed> removed_;  ///< nothing: nothing was to be
};

}  // namespace

Task<ExitStatus> prune_for_policy(std::string policy, RetentionRules rules,
                                  std::map<std::string, RetentionRules> rules_of_others,
                                  GlobalOptions options, Surroundings& surroundings,
                                  BackupReport& report) {
  PruneRequest request{.selection = {},
                       .policy = std::move(policy),
                       .rules = std::move(rules),
                       .rules_of_others = std::move(rules_of_others),
                       .deletes = true,
                       .confirmed = true};
  PruneRun pruning(std::move(request), std::move(options), surroundings, report);
  const auto ended = co_await pruning.run();
  co_return ended ? *ended : give_up(ended.error(), report);
}

Task<ExitStatus> run_prune(PruneArguments arguments, GlobalOptions options,
                           Surroundings& surroundings, BackupReport& report) {
  auto request = read_prune_request(arguments, options, surroundings);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  PruneRun pruning(*std::move(request), std::move(options), surroundings, report);
  const auto ended = co_await pruning.run();
  co_return ended ? *ended : give_up(ended.error(), report);
}

}  // namespace pitstop
