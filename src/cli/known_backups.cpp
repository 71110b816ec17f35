#include "cli/known_backups.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <tuple>

#include "base/contains.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using Records = std::map<BackupId, BackupRecord>;

/// Backups can be listed where nobody has written anything down.
Records read_records(const GlobalOptions& options, const Surroundings& surroundings) {
  Records by_backup;
  const auto journal = find_journal(options, surroundings);
  const auto records =
      journal ? journal->backups() : Result<std::vector<BackupRecord>>(fail(journal.error()));
  if (!records) {
    log::debug("nothing is known of backups but what EC2 knows: {}", records.error().message);
    return by_backup;
  }
  for (const auto& record : *records) {
    by_backup.insert_or_assign(record.backup, record);
  }
  return by_backup;
}

/// How far the clock of this host may be behind EC2's.
constexpr Duration furthest_in_the_future = std::chrono::minutes(10);

/// What this host has written down that it made, it made: EC2 itself describes the snapshots of an
/// image, and says no more of them once that is gone.
void prove_by_record(BackupSet& set, const BackupRecord& record) {
  const bool has_all = !set.snapshots.empty() &&
                       std::ranges::all_of(set.snapshots, [&](const SetSnapshot& snapshot) {
                         return contains(record.snapshots, snapshot.id, &SnapshotRecord::id);
                       });
  const bool lacks_its_image = !record.image.empty() && !set.image;
  if (has_all && lacks_its_image && set.state == SetState::incomplete) {
    set.is_pitstops = true;
    set.has_proven_tags = true;
  }
}

/// By site, name and server, and of each server the newest first. Its name is the one it had last:
/// a server that was renamed is one server.
void sort(std::vector<ListedBackup>& newest_first) {
  std::map<std::pair<std::size_t, InstanceId>, std::string> names;
  for (const auto& backup : newest_first) {
    names.emplace(std::pair(backup.set.site, backup.set.instance), backup.set.name);
  }
  const auto place = [&](const BackupSet& set) {
    return std::tie(set.site, names.at({set.site, set.instance}), set.instance);
  };
  std::ranges::sort(newest_first, [&](const ListedBackup& a, const ListedBackup& b) {
    const auto place_of_a = place(a.set);
    const auto place_of_b = place(b.set);
    return std::tie(place_of_a, b.set.taken, a.set.backup) <
           std::tie(place_of_b, a.set.taken, b.set.backup);
  });
}

}  // namespace

ec2::Instance as_instance(const InstanceId& id, const std::string& name) {
  ec2::Instance instance;
  instance.id = id;
  instance.tags = {{"Name", name}};
  return instance;
}

void declare_safety_backups(CLI::App& command, bool& counts, const char* group) {
  command
      .add_flag("--with-safety-backups", counts,
                "With the backups that restores in place took first, of the state that\n"
                "was to be replaced")
      ->group(group);
}

Task<Result<std::vector<NamedServer>>> named_servers(const Ec2Sites& sites, Selection selection) {
  std::vector<NamedServer> servers;
  for (const auto& id : selection.ids) {
    if (!contains(selection.excluded, id)) {
      servers.push_back({id});
    }
  }
  if (!servers.empty()) {
    co_return servers;
  }
  CO_TRY(const auto selected, co_await select_servers(sites.callers(), std::move(selection)));
  for (const auto& server : selected.servers) {
    servers.push_back({server.instance.id, server.instance.name().value_or("")});
  }
  co_return servers;
}

Task<Result<BackupList>> known_backups(const Ec2Sites& sites, BackupSearch search,
                                       const GlobalOptions& options,
                                       const Surroundings& surroundings, BackupReport& report) {
  CO_TRY(auto found, co_await find_backups(sites.callers(), std::move(search)));
  BackupList list{.backups = {}, .now = surroundings.clock.wall()};
  for (const auto& [site, error] : found.silent_sites) {
    list.silent_sites.push_back(sites.all()[site].name());
    report.site_failed(list.silent_sites.back(), error);
  }
  const auto records = read_records(options, surroundings);
  for (auto& set : found.items) {
    if (set.taken > list.now + furthest_in_the_future) {
      doubt(set, fmt::format("it was taken in the future, at {}", rfc3339(set.taken)));
    }
    const auto record = records.find(set.backup);
    if (record != records.end()) {
      prove_by_record(set, record->second);
    }
    const auto site = sites.all()[set.site].name();
    list.backups.push_back(
        {std::move(set), site,
         record == records.end() ? std::nullopt : std::optional(record->second)});
  }
  sort(list.backups);
  co_return list;
}

Task<Result<BackupSet>> the_backup(const Ec2Sites& sites, BackupId backup,
                                   const GlobalOptions& options, const Surroundings& surroundings,
                                   BackupReport& report) {
  BackupSearch search{.backup = backup};
  CO_TRY(auto list,
         co_await known_backups(sites, std::move(search), options, surroundings, report));
  if (list.backups.size() > 1) {
    // What only has its tags is no second one.
    std::erase_if(list.backups, [](const ListedBackup& one) { return one.set.snapshots.empty(); });
  }
  if (list.backups.empty()) {
    co_return fail(ErrorKind::not_found,
                   fmt::format("EC2 has no backup {}", in_quotes(backup.str())),
                   "pitstop list shows those that there are; check the region (--region) and the "
                   "account (--profile)");
  }
  if (list.backups.size() > 1) {
    co_return fail(ErrorKind::usage,
                   fmt::format("{} is in {} and in {}", backup.str(), list.backups[0].site,
                               list.backups[1].site),
                   "choose one: --region, --assume-role");
  }
  co_return list.backups.front().set;
}

}  // namespace pitstop
