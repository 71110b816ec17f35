#include "report/prune_text.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/prune_figures.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

using Row = std::vector<std::string>;

std::string fate_text(Fate fate) {
  switch (fate) {
    case Fate::keep:
      return "keep";
    case Fate::remove:
      return "remove";
    case Fate::pass_over:
      return "blocked";
  }
  unreachable();
}

std::string freed_text(Fate fate, const std::vector<SetSnapshot>& snapshots) {
  return fate == Fate::remove ? "up to " + amount(most_freed(snapshots)) : "";
}

Row backup_row(const Verdict<BackupSet>& verdict, const TimeZone& zone) {
  const auto& [set, fate, reasons] = verdict;
  return {fate_text(fate), set.backup.str(), zone.show(set.taken), freed_text(fate, set.snapshots),
          printable(join(reasons, ", "))};
}

Row leftover_row(const Verdict<Leftover>& verdict, const TimeZone& zone) {
  const auto& [leftover, fate, reasons] = verdict;
  const auto made = leftover.made ? zone.show(*leftover.made) : "-";
  const auto why = printable(join(reasons, ", "));
  switch (leftover.kind) {
    case Leftover::Kind::prime:
      return {fate_text(fate), leftover.run.str(), made, freed_text(fate, leftover.snapshots),
              "left by a lost run: " + why};
    case Leftover::Kind::restore_image:
      return {fate_text(fate), leftover.image->str(), made, "", "left by a restore: " + why};
    case Leftover::Kind::fast_restore:
      return {
          fate_text(fate), leftover.fast_restore->tag.restore.str(), made, "",
          fmt::format("fast snapshot restore in {}, which costs by the hour, left by a restore: "
                      "{}",
                      leftover.fast_restore->tag.zone, why)};
    case Leftover::Kind::doubles:
      return {fate_text(fate), leftover.backup.str(), made, freed_text(fate, leftover.snapshots),
              "made twice by EC2: " + why};
  }
  unreachable();
}

std::string server_prune_text(const ServerPrune& server, const TimeZone& zone) {
  std::vector<Row> rows{{"", "backup", "taken", "frees", "why"}};
  for (const auto& verdict : server.backups) {
    rows.push_back(backup_row(verdict, zone));
  }
  for (const auto& verdict : server.leftovers) {
    rows.push_back(leftover_row(verdict, zone));
  }
  return fmt::format("{}, {}\n", title_of(server.name, server.instance), server.site_name) +
         table(rows, "  ") + '\n';
}

}  // namespace

std::string prune_plan_text(const std::vector<ServerPrune>& servers, const TimeZone& zone) {
  std::string text;
  for (const auto& server : servers) {
    text += server_prune_text(server, zone);
  }
  const auto figures = figures_of(servers);
  text += fmt::format("{} of {}: {} to keep, {} to remove", counted(figures.backups, "backup"),
                      counted(servers.size(), "server"), figures.kept, figures.to_remove);
  if (figures.blocked > 0) {
    text += fmt::format(", {} blocked", figures.blocked);
  }
  if (figures.leftovers_to_remove > 0) {
    text += fmt::format("; {} to remove", counted(figures.leftovers_to_remove, "leftover"));
  }
  if (figures.freed_bytes > 0) {
    text += fmt::format("; that frees up to {}", amount(figures.freed_bytes));
  }
  return text + '\n';
}

std::string deletion_text(const std::vector<ServerPrune>& servers,
                          const std::vector<std::string>& unreachable) {
  std::vector<Row> rows;
  for (const auto& site : deletions_of(servers)) {
    auto what = counted(site.backups, "backup");
    if (site.leftovers > 0) {
      what += fmt::format(" and {}", counted(site.leftovers, "leftover"));
    }
    rows.push_back({site.site, fmt::format("{} of {}", what, counted(site.servers, "server"))});
  }
  for (const auto& site : unreachable) {
    rows.push_back({site, "nothing: it does not answer"});
  }
  return "to be deleted:\n" + table(rows, "  ");
}

std::string removed_text(const Removed& removed) {
  auto text = fmt::format("removed {}", counted(removed.backups, "backup"));
  if (removed.leftovers > 0) {
    text += fmt::format(" and {}", counted(removed.leftovers, "leftover"));
  }
  if (removed.freed_bytes > 0) {
    text += fmt::format(", which frees up to {}", amount(removed.freed_bytes));
  }
  if (removed.not_removed > 0) {
    text += fmt::format("; {} not removed", removed.not_removed);
  }
  return text + '\n';
}

std::string nothing_deleted_line() {
  return "nothing was deleted: --delete does it\n";
}

}  // namespace pitstop
