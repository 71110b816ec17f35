#include "report/restore_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

std::string speed_text(const PlannedVolume& volume) {
  std::string text = volume.type;
  if (volume.iops) {
    text += fmt::format(", {} IOPS", *volume.iops);
  }
  if (volume.throughput) {
    text += fmt::format(", {} MiB/s", *volume.throughput);
  }
  return text;
}

std::string device_text(const std::string& device) {
  return device.empty() ? "free" : device;
}

std::string_view worth_of(const RestorePlan& plan) {
  return plan.consistency ? to_string(*plan.consistency) : "of unknown worth";
}

std::string heading(const RestorePlan& plan, const std::string& becomes) {
  return fmt::format("{}, backup {} of {} UTC, {}, becomes {}:\n",
                     title_of(plan.name, plan.instance), plan.backup.str(), minute(plan.taken),
                     worth_of(plan), becomes);
}

std::string volumes_text(const RestorePlan& plan, const std::vector<std::string>& devices) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < plan.volumes.size(); ++i) {
    const auto& volume = plan.volumes[i];
    rows.push_back({device_text(devices[i]), volume.snapshot.str(),
                    fmt::format("{:>5} GiB", static_cast<std::int64_t>(volume.size)),
                    speed_text(volume), fmt::format("was {}", volume.was.str())});
  }
  return table(rows, "  ");
}

/// What comes first, what it costs, and who ends it.
std::string fast_restore_text(const RestorePlan& plan) {
  if (!plan.fast_restore) {
    return "";
  }
  const auto& fast = *plan.fast_restore;
  return fmt::format(
      "  first, fast snapshot restore is enabled of {} in {}: {} by AWS's figures, and AWS charges "
      "for it\n"
      "  it is disabled when the volumes are there; if this is killed, by pitstop recover, the "
      "same "
      "restore again, or pitstop prune a day later\n",
      counted(fast.sources.size(), "snapshot"), fast.zone, human(fast.expected()));
}

std::string losses_text(const RestorePlan& plan) {
  std::string text;
  for (const auto& loss : plan.losses) {
    constexpr std::string_view note = "note: ";
    text += loss.starts_with(note) ? fmt::format("  {}\n", printable(loss))
                                   : fmt::format("  not as it was: {}\n", printable(loss));
  }
  return text;
}

std::string place_text(const ec2::LaunchRequest& launch) {
  if (!launch.subnet.empty()) {
    return " in " + launch.subnet;
  }
  return launch.zone.empty() ? "" : " in " + launch.zone;
}

}  // namespace

std::string plan_text(const NewServerPlan& plan) {
  std::vector<std::string> devices;
  for (const auto& volume : plan.volumes) {
    devices.push_back(volume.device);
  }
  const auto& launch = plan.launch;
  auto text = heading(plan, "a new server") +
              fmt::format("  {}{}{}, of {}\n", launch.type, place_text(launch),
                          launch.private_ip.empty() ? "" : " at " + launch.private_ip,
                          plan.image ? plan.image->str() : "an image of its snapshots") +
              volumes_text(plan, devices) + fast_restore_text(plan);
  for (const auto& address : plan.addresses) {
    text += fmt::format("  takes the Elastic IP {}{}\n", address.public_ip,
                        address.instance.empty() ? "" : " from " + address.instance.str());
  }
  return text + losses_text(plan);
}

std::string plan_text(const VolumesPlan& plan) {
  const std::vector<std::string> free(plan.volumes.size());
  const auto becomes = plan.attach_to ? fmt::format("volumes of {}", plan.attach_to->str())
                                      : fmt::format("volumes in {}", plan.zone);
  return heading(plan, becomes) + volumes_text(plan, plan.attach_to ? plan.devices : free) +
         fast_restore_text(plan) + losses_text(plan);
}

namespace {

/// What happens to the server.
std::string outage_text(const InPlacePlan& plan) {
  std::string text;
  if (!plan.stops) {
    text = "  the server is stopped, and stays so\n";
  } else if (plan.usual_outage) {
    text = fmt::format(
        "  the server is stopped meanwhile: its last stop and start took {}, and the exchange adds "
        "some seconds\n",
        human(*plan.usual_outage));
  } else {
    text =
        "  the server is stopped meanwhile: for as long as its stop and its start take, and some "
        "seconds\n";
  }
  if (plan.swap.safety_backup) {
    text += "  a backup of what is there now is taken first\n";
  }
  return text;
}

}  // namespace

std::string plan_text(const InPlacePlan& plan) {
  const auto title = title_of(plan.name, plan.server);
  auto text = plan.kind == RestoreKind::rollback
                  ? fmt::format("{} gets the volumes back that it had:\n", title)
                  : fmt::format("{} goes back to {} of {} UTC, {}:\n", title, plan.backup.str(),
                                minute(plan.taken), worth_of(plan));
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < plan.volumes.size(); ++i) {
    const auto& volume = plan.volumes[i];
    const auto& swapped = plan.swap.volumes[i];
    rows.push_back({volume.device, swapped.in.empty() ? volume.snapshot.str() : swapped.in.str(),
                    fmt::format("{:>5} GiB", static_cast<std::int64_t>(volume.size)),
                    speed_text(volume),
                    swapped.out.empty() ? "where nothing is"
                                        : fmt::format("in place of {}", swapped.out.str())});
  }
  text += table(rows, "  ") + outage_text(plan) + fast_restore_text(plan);
  if (!plan.swap.drops_old) {
    // What is not carried out has no id.
    text += fmt::format("  the replaced volumes are kept: pitstop rollback{} attaches them again\n",
                        plan.restore.empty() ? "" : " " + plan.restore.str());
  }
  return text + losses_text(plan);
}

namespace {

std::string left_text(const RestoreOutcome& outcome) {
  return outcome.left_behind.empty() ? ""
                                     : fmt::format("  LEFT: {}; pitstop recover clears it away\n",
                                                   printable(join(outcome.left_behind, "; ")));
}

std::string in_place_text(const RestoreOutcome& outcome) {
  const auto title = title_of(outcome.name, *outcome.server);
  const bool is_new = outcome.swapped == SwapState::now;
  auto text = !is_new ? fmt::format("\n{}: not restored, it has the volumes that it had\n", title)
              : outcome.kind == RestoreKind::rollback
                  ? fmt::format("\n{}: has the volumes back that it had\n", title)
                  : fmt::format("\n{}: restored from {}\n", title, outcome.backup.str());
  if (outcome.downtime) {
    text += fmt::format("  down for {}, running again\n", human(*outcome.downtime));
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& volume : outcome.volumes) {
    rows.push_back({volume.volume.str(), volume.device, volume.snapshot.str()});
  }
  for (const auto& volume : outcome.kept) {
    rows.push_back({volume.volume.str(), "kept", "was " + volume.device});
  }
  text += table(rows, "  ");
  if (outcome.safety_backup) {
    text +=
        fmt::format("  what was there before is backed up as {}\n", outcome.safety_backup->str());
  }
  if (!outcome.kept.empty()) {
    text += fmt::format(
        "  pitstop rollback {0} takes it back\n"
        "  pitstop restore --finish {0} deletes what is kept\n",
        outcome.restore.str());
  }
  return text + left_text(outcome) +
         fmt::format("in {} (restore {})\n", human(outcome.took), outcome.restore.str());
}

}  // namespace

std::string outcome_text(const RestoreOutcome& outcome) {
  if (outcome.kind == RestoreKind::in_place || outcome.kind == RestoreKind::rollback) {
    return in_place_text(outcome);
  }
  const auto title = title_of(outcome.name, outcome.original);
  if (outcome.volumes.empty() && !outcome.server) {
    return fmt::format("\n{}: not restored from {}, after {} (restore {})\n", title,
                       outcome.backup.str(), human(outcome.took), outcome.restore.str());
  }
  auto text = fmt::format("\n{}: restored from {}", title, outcome.backup.str());
  if (outcome.kind == RestoreKind::new_server) {
    text += fmt::format(" as {}\n  private address {}", outcome.server->str(),
                        outcome.private_ip.empty() ? "unknown" : outcome.private_ip);
    text += outcome.public_ip.empty() ? ", no public one" : ", public " + outcome.public_ip;
    text += outcome.checks_passed ? "; EC2's checks have passed\n"
                                  : "; nobody has seen its checks pass\n";
  } else {
    text += outcome.server ? fmt::format(": volumes of {}\n", outcome.server->str())
                           : std::string(": volumes\n");
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& volume : outcome.volumes) {
    rows.push_back({volume.volume.str(), device_text(volume.device), volume.snapshot.str()});
  }
  text += table(rows, "  ");
  if (outcome.image) {
    text += fmt::format("  image {}\n", outcome.image->str());
  }
  text += left_text(outcome);
  return text + fmt::format("in {} (restore {})\n", human(outcome.took), outcome.restore.str());
}

}  // namespace pitstop
