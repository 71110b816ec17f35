#include "report/prune_json.hpp"

#include <nlohmann/json.hpp>

#include "report/json_lines.hpp"
#include "report/prune_figures.hpp"

namespace pitstop {
namespace {

Json ids_json(const std::vector<SetSnapshot>& snapshots) {
  Json ids = Json::array();
  for (const auto& snapshot : snapshots) {
    ids.push_back(snapshot.id.str());
  }
  return ids;
}

Json freed_json(Fate fate, const std::vector<SetSnapshot>& snapshots) {
  return fate == Fate::remove ? Json(most_freed(snapshots)) : Json(nullptr);
}

Json verdict_json(const Verdict<BackupSet>& verdict, const std::string& site) {
  const auto& [set, fate, reasons] = verdict;
  return {{"message_type", "backup_verdict"},
          {"backup_id", set.backup.str()},
          {"instance_id", set.instance.str()},
          {"name", text_or_null(set.name)},
          {"policy", text_or_null(set.policy)},
          {"site", site},
          {"taken", rfc3339(set.taken)},
          {"state", std::string(to_string(set.state))},
          {"verdict", std::string(to_string(fate))},
          {"reasons", reasons},
          {"frees_up_to_bytes", freed_json(fate, set.snapshots)},
          {"snapshot_ids", ids_json(set.snapshots)},
          {"image_id", text_or_null(set.image ? set.image->id.str() : "")}};
}

Json ids_json(const Leftover& leftover) {
  if (!leftover.fast_restore) {
    return ids_json(leftover.snapshots);
  }
  Json ids = Json::array();
  for (const auto& snapshot : leftover.fast_restore->snapshots) {
    ids.push_back(snapshot.str());
  }
  return ids;
}

Json verdict_json(const Verdict<Leftover>& verdict, const std::string& site) {
  const auto& [leftover, fate, reasons] = verdict;
  const auto& fast = leftover.fast_restore;
  return {{"message_type", "leftover_verdict"},
          {"kind", std::string(to_string(leftover.kind))},
          {"run_id", text_or_null(leftover.run.str())},
          {"restore_id", text_or_null(fast ? fast->tag.restore.str() : "")},
          {"backup_id", text_or_null(leftover.backup.str())},
          {"instance_id", leftover.instance.str()},
          {"name", text_or_null(leftover.name)},
          {"site", site},
          {"made", in_rfc3339(leftover.made)},
          {"verdict", std::string(to_string(fate))},
          {"reasons", reasons},
          {"frees_up_to_bytes", freed_json(fate, leftover.snapshots)},
          {"snapshot_ids", ids_json(leftover)},
          {"zone", text_or_null(fast ? fast->tag.zone : "")},
          {"image_id", text_or_null(leftover.image ? leftover.image->str() : "")}};
}

}  // namespace

void write_verdicts_json(const std::vector<ServerPrune>& servers, std::ostream& output) {
  for (const auto& server : servers) {
    for (const auto& verdict : server.backups) {
      write_line(output, verdict_json(verdict, server.site_name));
    }
    for (const auto& verdict : server.leftovers) {
      write_line(output, verdict_json(verdict, server.site_name));
    }
  }
}

void write_deletion_json(const std::vector<ServerPrune>& servers,
                         const std::vector<std::string>& unreachable, std::ostream& output) {
  Json sites = Json::array();
  for (const auto& site : deletions_of(servers)) {
    sites.push_back({{"site", site.site},
                     {"servers", site.servers},
                     {"backups", site.backups},
                     {"leftovers", site.leftovers}});
  }
  write_line(output,
             {{"message_type", "deletion"}, {"sites", sites}, {"silent_sites", unreachable}});
}

void write_prune_summary_json(const std::vector<ServerPrune>& servers, const PruneEnd& end,
                              std::ostream& output) {
  const auto figures = figures_of(servers);
  const auto removed = end.removed.value_or(Removed());
  write_line(output, {{"message_type", "summary"},
                      {"exit_status", end.exit_status},
                      {"deletes", end.removed.has_value()},
                      {"keep", figures.kept},
                      {"remove", figures.to_remove},
                      {"pass_over", figures.blocked},
                      {"leftovers", figures.leftovers_to_remove},
                      {"frees_up_to_bytes", figures.freed_bytes},
                      {"removed", removed.backups},
                      {"removed_leftovers", removed.leftovers},
                      {"not_removed", removed.not_removed},
                      {"freed_up_to_bytes", removed.freed_bytes},
                      {"silent_sites", end.silent_sites}});
}

}  // namespace pitstop
