#include "report/summary_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"

namespace pitstop {
namespace {

bool is_good(const BackupOutcome& backup) {
  return backup.outcome == Outcome::completed || backup.outcome == Outcome::following;
}

std::string_view worth(const BackupOutcome& backup) {
  if (!backup.consistency) {
    return "";
  }
  switch (*backup.consistency) {
    case Consistency::at_rest:
      return ", at rest";
    case Consistency::crash:
      return ", as after a power cut";
    case Consistency::frozen:
      return ", with its data file systems frozen";
    case Consistency::unmounted:
      return ", of unmounted volumes";
  }
  unreachable();
}

std::string recovery_headline(const BackupOutcome& backup) {
  const auto* what = backup.left_down ? "NOT recovered" : "recovered";
  if (!is_good(backup)) {
    return fmt::format("{}; there is no backup", what);
  }
  return fmt::format("{}; its backup {} is good{}{}", what, backup.backup.str(), worth(backup),
                     backup.outcome == Outcome::following ? ", and still being copied" : "");
}

std::string headline(const BackupOutcome& backup) {
  if (backup.recovered) {
    return recovery_headline(backup);
  }
  switch (backup.outcome) {
    case Outcome::completed:
      return fmt::format("backed up as {}{}", backup.backup.str(), worth(backup));
    case Outcome::following:
      return fmt::format("backed up as {}{}; its snapshots are still being copied",
                         backup.backup.str(), worth(backup));
    case Outcome::failed:
      return "not backed up";
    case Outcome::refused:
      return "refused, nothing was done";
  }
  unreachable();
}

std::string_view missed(StartWhen start_when) {
  switch (start_when) {
    case StartWhen::progress:
      return "before every snapshot was past 0 %";
    case StartWhen::accepted:
      return "before EC2 had accepted every snapshot";
    case StartWhen::completed:
      return "before every snapshot was complete";
  }
  unreachable();
}

std::string phases_text(const Phases& phases) {
  std::vector<std::string> parts;
  const auto add = [&](const char* name, const std::optional<Duration>& took) {
    if (took) {
      parts.push_back(fmt::format("{} {}", name, human(*took)));
    }
  };
  add("stop", phases.stop);
  add("snapshot", phases.snapshot);
  add("gate", phases.gate);
  add("start", phases.start);
  return parts.empty() ? "" : fmt::format(" ({})", join(parts, ", "));
}

std::string downtime_text(const BackupOutcome& backup) {
  std::string text;
  if (backup.left_down) {
    text += "  IT IS DOWN: pitstop stopped it, and it is not running\n";
  } else if (backup.downtime) {
    text += fmt::format("  down for {}{}, running again\n", human(*backup.downtime),
                        phases_text(backup.phases));
  } else if (backup.went_on) {
    text += "  it went on running\n";
  } else if (is_good(backup) && !backup.recovered) {
    text += "  found stopped, and left stopped\n";
  }
  if (backup.gate == GateOpening::recovery) {
    text += fmt::format("  started by the recovery, perhaps {}\n", missed(backup.start_when));
  }
  if (backup.gate == GateOpening::deadline) {
    text += fmt::format("  started at the deadline, {}\n", missed(backup.start_when));
  }
  return text;
}

std::string snapshots_text(const BackupOutcome& backup) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [snapshot, device] : backup.snapshots) {
    const std::string state(snapshot.state ? to_string(*snapshot.state) : "unknown");
    const bool shows_percent = snapshot.state == ec2::SnapshotState::pending && snapshot.progress;
    rows.push_back({snapshot.id.str(), snapshot.volume.str(), device,
                    fmt::format("{:>5} GiB", static_cast<std::int64_t>(snapshot.size)),
                    shows_percent ? fmt::format("{} {} %", state, *snapshot.progress) : state});
  }
  if (backup.image) {
    rows.insert(rows.begin(), {backup.image->str(), "", "", "image", ""});
  }
  const bool leftovers = backup.outcome == Outcome::failed && !rows.empty();
  return (leftovers ? "  these snapshots were made all the same:\n" : "") + table(rows, "  ");
}

std::string paragraph(const BackupOutcome& backup, const Titles& titles) {
  auto text = fmt::format("{}: {}\n", titles.of(backup.instance), headline(backup));
  if (backup.error) {
    text += fmt::format("  reason: {}\n", printable(backup.error->message, 1000));
  }
  return text + downtime_text(backup) + snapshots_text(backup);
}

std::string sum_of_recovery(const RunSummary& summary) {
  const auto& backups = summary.backups;
  if (backups.empty()) {
    return "nothing to recover\n";
  }
  const auto down = std::ranges::count_if(backups, &BackupOutcome::left_down);
  return fmt::format("{} of {} recovered, {} with a good backup, in {} ({} API calls)\n",
                     std::ssize(backups) - down, backups.size(),
                     std::ranges::count_if(backups, is_good), human(summary.took),
                     summary.api_calls);
}

std::string sum_of_check(const RunSummary& summary) {
  return fmt::format("{} of {} can be backed up; nothing was changed ({} API calls)\n",
                     summary.checked - summary.refused, summary.checked, summary.api_calls);
}

std::string sum(const RunSummary& summary) {
  if (summary.recovery) {
    return sum_of_recovery(summary);
  }
  const auto& backups = summary.backups;
  const auto count = [&](Outcome outcome) {
    return std::ranges::count(backups, outcome, &BackupOutcome::outcome);
  };
  auto text =
      fmt::format("{} of {} backed up", std::ranges::count_if(backups, is_good), backups.size());
  if (const auto failed = count(Outcome::failed); failed > 0) {
    text += fmt::format(", {} failed", failed);
  }
  if (const auto refused = count(Outcome::refused); refused > 0) {
    text += fmt::format(", {} refused", refused);
  }
  if (!summary.silent_sites.empty()) {
    text += fmt::format("; no answer from {}", join(summary.silent_sites, ", "));
  }
  return text + fmt::format(", in {} (run {}, {} API calls)\n", human(summary.took),
                            summary.run.str(), summary.api_calls);
}

}  // namespace

std::string summary_text(const RunSummary& summary, const Titles& titles) {
  std::string text;
  for (const auto& backup : summary.backups) {
    text += '\n' + paragraph(backup, titles);
  }
  return text + '\n' + (summary.dry_run ? sum_of_check(summary) : sum(summary));
}

std::string errors_text(const RunSummary& summary, const Titles& titles) {
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
