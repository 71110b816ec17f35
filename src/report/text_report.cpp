#include "report/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

std::string_view phrase(Step step) {
  switch (step) {
    case Step::stop_requested:
      return "stopping";
    case Step::stopped:
      return "stopped";
    case Step::snapshots_requested:
      return "asking for the snapshots";
    case Step::snapshots_created:
      return "snapshots begun";
    case Step::gate_opened:
      return "gate open";
    case Step::start_requested:
      return "starting";
    case Step::running:
      return "running";
    case Step::snapshot_completed:
      return "snapshot complete";
    case Step::warning:
      return "warning";
    case Step::finished:
      return "finished";
  }
  unreachable();
}

std::string worth(const BackupOutcome& backup) {
  if (!backup.consistency) {
    return "";
  }
  return *backup.consistency == Consistency::at_rest ? ", at rest" : ", as after a crash";
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
  return join(parts, ", ");
}

std::string downtime_text(const BackupOutcome& backup) {
  if (backup.left_down) {
    return "  IT IS NOT RUNNING\n";
  }
  if (!backup.downtime) {
    return "";
  }
  auto text =
      fmt::format("  down for {} ({})", human(*backup.downtime), phases_text(backup.phases));
  if (backup.gate == GateOpening::deadline) {
    text += "; started at the deadline, before every snapshot showed progress";
  }
  return text + '\n';
}

std::string snapshot_text(const SnapshotOutcome& taken) {
  const auto& [snapshot, device] = taken;
  const std::string state(snapshot.state ? to_string(*snapshot.state) : "unknown");
  const bool shows_percent = snapshot.state == ec2::SnapshotState::pending && snapshot.progress;
  return fmt::format("  {:<22}  {:<21}  {:<10}  {:>5} GiB  {}{}\n", snapshot.id.str(),
                     snapshot.volume.str(), device, static_cast<std::int64_t>(snapshot.size), state,
                     shows_percent ? fmt::format(" {} %", *snapshot.progress) : "");
}

std::string headline(const BackupOutcome& backup) {
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

}  // namespace

void TextReport::begun(const std::vector<ec2::Instance>& servers) {
  for (const auto& server : servers) {
    titles_[server.id] = title_of(server);
  }
}

std::string TextReport::title(const InstanceId& instance) const {
  const auto found = titles_.find(instance);
  return found == titles_.end() ? instance.str() : found->second;
}

void TextReport::saw(const Event& event) {
  if (event.step == Step::warning) {
    diagnostics_ << warning_lines(event) << std::flush;
    return;
  }
  if (event.step == Step::finished) {
    return;
  }
  output_ << fmt::format("{}  {}  {}{}{}\n", rfc3339(event.time), title(event.instance),
                         phrase(event.step), event.detail.empty() ? "" : ": ", event.detail)
          << std::flush;
}

void TextReport::planned(const BackupPlan& plan) {
  output_ << plan_text(plan);
}

void TextReport::failed(const Error& error, int) {
  diagnostics_ << error_lines(error) << std::flush;
}

void TextReport::ended(const RunSummary& summary) {
  diagnostics_ << errors_of(summary) << std::flush;
  output_ << summary_text(summary, titles_) << std::flush;
}

std::string warning_lines(const Event& event) {
  auto lines = fmt::format("warning: {}\n", printable(event.detail, 1000));
  if (!event.hint.empty()) {
    lines += fmt::format("HINT: {}\n", printable(event.hint, 1000));
  }
  return lines;
}

std::string summary_text(const RunSummary& summary,
                         const std::map<InstanceId, std::string>& titles) {
  if (summary.dry_run) {
    return "nothing was changed: this was a dry run\n";
  }
  std::string text = "\n";
  for (const auto& backup : summary.backups) {
    const auto title = titles.find(backup.instance);
    text += fmt::format("{}: {}\n", title == titles.end() ? backup.instance.str() : title->second,
                        headline(backup));
    text += downtime_text(backup);
    for (const auto& snapshot : backup.snapshots) {
      text += snapshot_text(snapshot);
    }
  }
  const auto good = std::ranges::count_if(summary.backups, [](const BackupOutcome& backup) {
    return backup.outcome == Outcome::completed || backup.outcome == Outcome::following;
  });
  text +=
      fmt::format("{} of {} backed up in {} (run {}, {} API calls)\n", good, summary.backups.size(),
                  human(summary.took), summary.run.str(), summary.api_calls);
  return text;
}

std::string errors_of(const RunSummary& summary) {
  std::string lines;
  for (const auto& backup : summary.backups) {
    if (backup.error) {
      lines += error_lines(*backup.error);
    }
  }
  return lines;
}

std::string plan_text(const BackupPlan& plan) {
  const auto& instance = plan.instance;
  auto text =
      fmt::format("{}: {} in {}\n", title_of(instance), to_string(instance.state), instance.zone);
  if (plan.found_stopped()) {
    text += "  would be backed up as it is, and left stopped\n";
  } else {
    text += fmt::format(
        "  would be stopped, and started when every snapshot is {} (after {} at the latest)\n",
        plan.options.start_when == StartWhen::progress ? "past 0 %"
                                                       : to_string(plan.options.start_when),
        human(plan.options.max_downtime));
  }
  for (const auto& volume : plan.volumes) {
    text +=
        fmt::format("  snapshot of {:<21}  {:<10}  {:>5} GiB  {}\n", volume.id.str(),
                    plan.device_of(volume.id), static_cast<std::int64_t>(volume.size), volume.type);
  }
  for (const auto& excluded : plan.excluded) {
    text += fmt::format("  left out:   {:<21}  {}\n", excluded.volume.str(), excluded.device);
  }
  for (const auto& tag : plan.options.set_tags) {
    text += fmt::format("  tag {} = {}\n", printable(tag.key), printable(tag.value));
  }
  for (const auto& note : plan.notes) {
    text += fmt::format("  note: {}\n", note);
  }
  return text;
}

}  // namespace pitstop
