#include "cli/copy_plans.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/role_arn.hpp"
#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "cli/known_backups.hpp"
#include "copy/sharing.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

using CopiesByBackup = std::map<std::string, CopiesThere>;

template <class Thing>
std::string backup_of(const Thing& thing) {
  return ec2::find_tag(thing.tags, "pitstop:backup").value_or("");
}

/// What is there of each, so that each has to look through its own only.
Task<Result<CopiesByBackup>> copies_there(ec2::Caller& caller, std::vector<std::string> backups,
                                          bool with_images) {
  CopiesByBackup there;
  for (const auto& part : chunks(backups, ec2::most_filter_values)) {
    const std::vector<ec2::Filter> filters{{"tag:pitstop:backup", part}};
    CO_TRY(auto snapshots, co_await ec2::describe_snapshots(caller, {}, filters));
    for (auto& snapshot : snapshots) {
      there[backup_of(snapshot)].snapshots.push_back(std::move(snapshot));
    }
    if (with_images) {
      CO_TRY(auto images, co_await ec2::describe_images(caller, {}, filters));
      for (auto& image : images) {
        there[backup_of(image)].images.push_back(std::move(image));
      }
    }
  }
  co_return there;
}

class PlanningCopies {
 public:
  PlanningCopies(Ec2Sites& sites, CopyRequest request, GlobalOptions options,
                 Surroundings& surroundings, BackupReport& report)
      : sites_(sites),
        request_(std::move(request)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report) {}

  Task<Result<CopyPlans>> run() {
    CO_TRY_STATUS(co_await find_backups());
    CO_TRY_STATUS(choose());
    CO_TRY_STATUS(find_destinations());
    for (const auto& [from, to] : routes_) {
      if (const auto planned = co_await plan_route(from, to); !planned) {
        went_silent(to, planned.error());
      }
    }
    co_return std::move(result_);
  }

 private:
  Task<Status> find_backups() {
    BackupSearch search{.policy = request_.policy};
    if (request_.wishes.backups.size() == 1) {
      search.backup = request_.wishes.backups.front();
    }
    if (request_.selection) {
      CO_TRY(const auto servers, co_await named_servers(sites_, *request_.selection));
      for (const auto& server : servers) {
        search.instances.push_back(server.instance);
      }
    }
    CO_TRY(auto list,
           co_await known_backups(sites_, std::move(search), options_, surroundings_, report_));
    result_.silent_sites.insert(list.silent_sites.begin(), list.silent_sites.end());
    for (auto& backup : list.backups) {
      found_.push_back(std::move(backup.set));
    }
    co_return Status();
  }

  /// They come by site and server.
  Status choose() {
    for (auto first = found_.begin(); first != found_.end();) {
      const auto next = std::find_if(first, found_.end(), [&](const BackupSet& other) {
        return other.site != first->site || other.instance != first->instance;
      });
      auto of_server = chosen_for_copy({first, next}, request_.wishes);
      std::ranges::move(of_server, std::back_inserter(chosen_));
      first = next;
    }
    for (const auto& backup : request_.wishes.backups) {
      if (!contains(chosen_, backup, &BackupSet::backup)) {
        return fail(ErrorKind::not_found,
                    fmt::format("EC2 has no backup {}", in_quotes(backup.str())),
                    "pitstop list shows those that there are; --region says where the originals "
                    "are, --to-region where the copies go");
      }
    }
    return {};
  }

  /// What is where it is to go is no original.
  Status find_destinations() {
    const auto& destination = request_.destination;
    const auto all = std::move(chosen_);
    chosen_.clear();
    for (const auto& set : all) {
      if (!routes_.contains(set.site)) {
        const auto region = destination.region.empty() ? sites_.all()[set.site].connection->region()
                                                       : destination.region;
        auto there = sites_.add_beside(set.site, region, destination.role);
        if (!there) {
          return fail(std::move(there).error());
        }
        routes_[set.site] = *there;
      }
      if (routes_[set.site] != set.site) {
        chosen_.push_back(set);
      }
    }
    std::erase_if(routes_, [](const auto& route) { return route.first == route.second; });
    if (chosen_.empty() && !all.empty() && !request_.quiet) {
      return fail(ErrorKind::usage, "the backups are where they are to be copied to",
                  "--region says where the originals are, --to-region where the copies go");
    }
    return {};
  }

  Task<Status> plan_route(std::size_t from, std::size_t to) {
    std::vector<BackupSet> sets;
    std::ranges::copy_if(chosen_, std::back_inserter(sets),
                         [&](const BackupSet& set) { return set.site == from; });
    const auto account = account_of_role(request_.destination.role);
    CO_TRY(const auto open, co_await open_backups(from, account));
    std::vector<std::string> ids;
    for (const auto& backup : open) {
      ids.push_back(backup.str());
    }
    bool with_images = false;
    for (const auto& set : sets) {
      with_images = with_images || set.image.has_value();
      ids.push_back(set.backup.str());
    }
    CO_TRY(auto there, co_await copies_there(caller(to), std::move(ids), with_images));
    for (auto& set : sets) {
      // Another site may have it, too.
      const bool is_first = planned_.emplace(to, set.backup, set.instance).second;
      if (!is_first) {
        continue;
      }
      const auto route = route_of(set, to, account);
      const auto& of_backup = there[set.backup.str()];
      auto plan =
          plan_copy(std::move(set), route, of_backup, request_.wishes, surroundings_.clock.wall());
      result_.plans.push_back({std::move(plan), from, to});
    }
    note_what_to_close({from, to}, open, std::move(there));
    co_return Status();
  }

  Task<Result<std::vector<BackupId>>> open_backups(std::size_t from, std::string account) {
    if (account.empty()) {
      co_return std::vector<BackupId>();
    }
    co_return co_await open_backups_to(caller(from), std::move(account));
  }

  CopyRoute route_of(const BackupSet& set, std::size_t to, const std::string& account) const {
    const bool stays = set.snapshots.empty() || set.snapshots.front().owner == account;
    return {.from_region = sites_.all()[set.site].connection->region(),
            .to_region = sites_.all()[to].connection->region(),
            .to_account = stays ? "" : account};
  }

  /// What nobody copies any more: of another call that was interrupted, or has not waited.
  void note_what_to_close(std::pair<std::size_t, std::size_t> route,
                          const std::vector<BackupId>& open, CopiesByBackup there) {
    for (const auto& backup : open) {
      const bool is_copied =
          contains(there[backup.str()].snapshots, std::optional(ec2::SnapshotState::pending),
                   &ec2::Snapshot::state);
      const bool will_be = std::ranges::any_of(result_.plans, [&](const SitedCopyPlan& sited) {
        return sited.plan.set.backup == backup && sited.plan.state == CopyState::to_copy;
      });
      if (!is_copied && !will_be) {
        result_.to_close[route].push_back(backup);
      }
    }
  }

  void went_silent(std::size_t site, const Error& error) {
    const auto name = sites_.all()[site].name();
    if (result_.silent_sites.insert(name).second) {
      report_.site_failed(name, error);
    }
  }

  ec2::Caller& caller(std::size_t site) const { return sites_.all()[site].connection->caller(); }

  Ec2Sites& sites_;
  CopyRequest request_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  std::vector<BackupSet> found_;
  std::vector<BackupSet> chosen_;
  std::map<std::size_t, std::size_t> routes_;  ///< from one site to another
  /// What has a plan, by where it goes.
  std::set<std::tuple<std::size_t, BackupId, InstanceId>> planned_;
  CopyPlans result_;
};

}  // namespace

Task<Result<CopyPlans>> plan_copies(Ec2Sites& sites, CopyRequest request, GlobalOptions options,
                                    Surroundings& surroundings, BackupReport& report) {
  PlanningCopies planning(sites, std::move(request), std::move(options), surroundings, report);
  co_return co_await planning.run();
}

}  // namespace pitstop
