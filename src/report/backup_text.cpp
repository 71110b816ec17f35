#include "report/backup_text.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

constexpr std::size_t longest_reason = 1000;

/// When it is told.
enum class Told { at_once, later };

std::string worth(const BackupOutcome& backup) {
  return backup.consistency ? fmt::format(", {}", worth_text(*backup.consistency)) : "";
}

std::string recovery_headline(const BackupOutcome& backup, Told told) {
  const auto* what = backup.left_down ? "NOT recovered" : "recovered";
  if (!is_good(backup)) {
    return fmt::format("{}; {}there is no backup", what,
                       backup.swapped == SwapState::now ? "its volumes are exchanged, " : "");
  }
  const auto* copying =
      told == Told::later ? ", and was still being copied then" : ", and still being copied";
  return fmt::format("{}; its backup {} is good{}{}", what, backup.backup.str(), worth(backup),
                     backup.outcome == Outcome::following ? copying : "");
}

std::string headline(const BackupOutcome& backup, Told told) {
  if (backup.recovered) {
    return recovery_headline(backup, told);
  }
  switch (backup.outcome) {
    case Outcome::completed:
      return fmt::format("backed up as {}{}", backup.backup.str(), worth(backup));
    case Outcome::following:
      return fmt::format(
          "backed up as {}{}; its snapshots {}", backup.backup.str(), worth(backup),
          told == Told::later ? "were still being copied then" : "are still being copied");
    case Outcome::failed:
      return "not backed up";
    case Outcome::refused:
      return "refused, nothing was done";
    case Outcome::done_elsewhere:
      return backup.elsewhere
                 ? fmt::format("nothing was done: the run {} had backed it up as {} meanwhile",
                               printable(backup.elsewhere->run.str()),
                               printable(backup.elsewhere->backup.str()))
                 : "nothing was done: another run had backed it up meanwhile";
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

/// The gate, where there was one.
std::string gate_text(const BackupOutcome& backup, Told told) {
  if (!backup.gate) {
    return "";
  }
  switch (*backup.gate) {
    case GateOpening::recovery:
      return fmt::format("  started by the recovery, perhaps {}\n", missed(backup.start_when));
    case GateOpening::deadline:
      return fmt::format("  started at the deadline, {}\n", missed(backup.start_when));
    case GateOpening::progress:
    case GateOpening::accepted:
    case GateOpening::completed:
      return told == Told::later ? fmt::format("  gate: {}\n", to_string(*backup.gate)) : "";
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

std::string downtime_text(const BackupOutcome& backup, Told told) {
  if (backup.left_down) {
    return told == Told::later
               ? fmt::format("  LEFT DOWN: pitstop stopped it, and it did not run again{}\n",
                             phases_text(backup.phases))
               : "  IT IS DOWN: pitstop stopped it, and it is not running\n";
  }
  if (backup.downtime) {
    return fmt::format("  down for {}{}, running again\n", human(*backup.downtime),
                       phases_text(backup.phases));
  }
  if (backup.went_on) {
    return "  it went on running\n";
  }
  return is_good(backup) && !backup.recovered ? "  found stopped, and left stopped\n" : "";
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

std::string reason_text(const BackupOutcome& backup, Told told) {
  if (!backup.error) {
    return "";
  }
  const auto& [kind, message, hint, code] = *backup.error;
  auto text = fmt::format("  reason: {}\n", printable(message, longest_reason));
  // What has just happened has its hint with the error message.
  if (told == Told::later && !hint.empty()) {
    text += fmt::format("  HINT: {}\n", printable(hint, longest_reason));
  }
  return text;
}

std::string left_behind_text(const BackupOutcome& backup) {
  if (backup.left_behind.empty()) {
    return "";
  }
  return fmt::format("  LEFT: {}; pitstop recover clears it away\n",
                     printable(join(backup.left_behind, "; "), longest_reason));
}

std::string details_text(const BackupOutcome& backup, Told told) {
  return reason_text(backup, told) + downtime_text(backup, told) + gate_text(backup, told) +
         left_behind_text(backup) + snapshots_text(backup);
}

}  // namespace

std::string_view worth_text(Consistency consistency) {
  switch (consistency) {
    case Consistency::at_rest:
      return "at rest";
    case Consistency::crash:
      return "as after a power cut";
    case Consistency::frozen:
      return "with its data file systems frozen";
    case Consistency::unmounted:
      return "of unmounted volumes";
  }
  unreachable();
}

std::string backup_text(const BackupOutcome& backup, const std::string& title) {
  return fmt::format("{}: {}\n", title, headline(backup, Told::at_once)) +
         details_text(backup, Told::at_once);
}

std::string past_backup_text(const BackupOutcome& backup, const std::string& title,
                             const std::string& region) {
  return fmt::format("{}: {}\n  begun {}{}\n", title, headline(backup, Told::later),
                     rfc3339(backup.begun), region.empty() ? "" : " in " + region) +
         details_text(backup, Told::later);
}

}  // namespace pitstop
