#include "report/summary_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/backup_text.hpp"
#include "report/fleet_summary.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

std::string calls_of(const RunSummary& summary) {
  return counted(static_cast<std::size_t>(summary.api_calls), "API call");
}

std::string sum_of_recovery(const RunSummary& summary) {
  const auto& backups = summary.backups;
  if (summary.dry_run && summary.checked > 0) {
    return fmt::format("{} to recover; nothing was changed ({})\n",
                       counted(summary.checked, "server"), calls_of(summary));
  }
  if (backups.empty() && summary.restores > 0 && summary.passed_over == 0) {
    return fmt::format("{} {} ended ({})\n", counted(summary.restores, "interrupted restore"),
                       summary.dry_run         ? "would be"
                       : summary.restores == 1 ? "is"
                                               : "are",
                       calls_of(summary));
  }
  if (backups.empty()) {
    return summary.passed_over == 0
               ? "nothing to recover\n"
               : fmt::format("nothing was recovered; {} {} left as {}\n", summary.passed_over,
                             summary.passed_over == 1 ? "server is" : "servers are",
                             summary.passed_over == 1 ? "it is" : "they are");
  }
  const auto down = std::ranges::count_if(backups, &BackupOutcome::left_down);
  return fmt::format("{} of {} recovered, {} with a good backup, in {} ({})\n",
                     std::ssize(backups) - down, backups.size(),
                     std::ranges::count_if(backups, is_good), human(summary.took),
                     calls_of(summary));
}

std::string sum_of_check(const RunSummary& summary) {
  return fmt::format("{} of {} can be backed up; nothing was changed ({})\n",
                     summary.checked - summary.refused, summary.checked, calls_of(summary));
}

std::string sum(const RunSummary& summary) {
  if (summary.recovery) {
    return sum_of_recovery(summary);
  }
  if (summary.dry_run) {
    return sum_of_check(summary);
  }
  const auto& backups = summary.backups;
  const auto count = [&](Outcome outcome) {
    return std::ranges::count(backups, outcome, &BackupOutcome::outcome);
  };
  auto text = summary.policy.empty() ? "" : fmt::format("policy {}: ", summary.policy);
  text +=
      fmt::format("{} of {} backed up", std::ranges::count_if(backups, is_good), backups.size());
  if (const auto failed = count(Outcome::failed); failed > 0) {
    text += fmt::format(", {} failed", failed);
  }
  if (const auto refused = count(Outcome::refused); refused > 0) {
    text += fmt::format(", {} refused", refused);
  }
  if (const auto elsewhere = count(Outcome::done_elsewhere); elsewhere > 0) {
    text += fmt::format(", {} by another run", elsewhere);
  }
  if (!summary.silent_sites.empty()) {
    text += fmt::format("; no answer from {}", join(summary.silent_sites, ", "));
  }
  return text + fmt::format(", in {} (run {}, {})\n", human(summary.took), summary.run.str(),
                            calls_of(summary));
}

}  // namespace

bool is_of_a_fleet(const RunSummary& summary) {
  return summary.backups.size() > most_paragraphs;
}

std::string summary_text(const RunSummary& summary, const Titles& titles, BoardSize screen) {
  if (is_of_a_fleet(summary)) {
    return fleet_summary_text(summary, sum(summary), titles, screen);
  }
  std::string text;
  for (const auto& backup : summary.backups) {
    text += '\n' + backup_text(backup, titles.of(backup.instance));
  }
  return text + '\n' + sum(summary);
}

std::string errors_text(const RunSummary& summary, const Titles& titles) {
  if (is_of_a_fleet(summary)) {
    return fleet_errors_text(summary, titles);
  }
  std::string text;
  for (const auto& backup : summary.backups) {
    if (backup.error) {
      text += error_lines(*backup.error, backup.instance, titles.of(backup.instance));
    }
  }
  return text;
}

std::string left_down_text(const RunSummary& summary, const Titles& titles) {
  std::vector<InstanceId> down;
  for (const auto& backup : summary.backups) {
    if (backup.left_down) {
      down.push_back(backup.instance);
    }
  }
  return down_lines(down, titles);
}

}  // namespace pitstop
