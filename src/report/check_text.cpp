#include "report/check_text.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

constexpr std::size_t longest_message = 1000;

std::string_view condition(StartWhen start_when) {
  switch (start_when) {
    case StartWhen::progress:
      return "every snapshot is past 0 %";
    case StartWhen::accepted:
      return "EC2 has accepted every snapshot";
    case StartWhen::completed:
      return "every snapshot is complete";
  }
  unreachable();
}

std::string volumes_text(const BackupPlan& plan) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& volume : plan.volumes) {
    const auto device = plan.device_of(volume.id);
    rows.push_back({"snapshot of", volume.id.str(), device.empty() ? "(detached)" : device,
                    fmt::format("{:>5} GiB", static_cast<std::int64_t>(volume.size)), volume.type});
  }
  for (const auto& excluded : plan.excluded) {
    rows.push_back({"left out:", excluded.volume.str(), excluded.device});
  }
  return table(rows, "  ");
}

std::string_view without_a_stop(Approach approach) {
  switch (approach) {
    case Approach::stop:
      return "";
    case Approach::online:
      return "; its snapshots are as after a power cut";
    case Approach::frozen:
      return ", with its data file systems frozen for a moment";
    case Approach::unmounted:
      return ", by your word that these volumes are unmounted";
  }
  unreachable();
}

std::string plan_text(const BackupPlan& plan) {
  std::string text;
  if (plan.goes_on()) {
    text =
        fmt::format("  would be backed up as it runs{}\n", without_a_stop(plan.options.approach));
  } else if (plan.found_stopped()) {
    text = "  would be backed up as it is, and left stopped\n";
  } else {
    text = fmt::format("  would be stopped, and started when {} (after {} at the latest)\n",
                       condition(plan.options.start_when), human(plan.options.max_downtime));
  }
  if (plan.is_primed()) {
    text += "  a first set of snapshots before that, while it runs, which has to be complete\n";
  }
  if (plan.options.method == Method::image) {
    text += "  an image of it, with these snapshots\n";
  }
  text += volumes_text(plan);
  for (const auto& tag : plan.options.set_tags) {
    text += fmt::format("  tag {} = {}\n", printable(tag.key), printable(tag.value));
  }
  return text;
}

std::string past_text(const Checked& checked) {
  if (!checked.past_downtime || !checked.plan->stops()) {
    return {};
  }
  const auto& [median, worst] = *checked.past_downtime;
  return fmt::format("  its backups had it down for {} before (median), {} at worst\n",
                     human(median), human(worst));
}

std::string finding_text(const Finding& finding, const InstanceId& instance) {
  auto text = fmt::format("  {:<6} {}: {}\n", to_string(finding.severity), to_string(finding.code),
                          printable(without_subject(finding.message, instance), longest_message));
  if (finding.accepted) {
    text += "         accepted, or it would be refused\n";
  } else if (!finding.hint.empty()) {
    text += fmt::format("         HINT: {}\n", printable(finding.hint, longest_message));
  }
  return text;
}

}  // namespace

std::string check_text(const Checked& checked) {
  const auto& instance = checked.instance;
  auto text = fmt::format("{}: {}{}\n", title_of(instance), to_string(instance.state),
                          instance.zone.empty() ? "" : " in " + instance.zone);
  if (checked.may_begin()) {
    text += plan_text(*checked.plan);
    text += past_text(checked);
  } else {
    text += "  would be refused: it would not be touched\n";
  }
  for (const auto& finding : checked.findings) {
    text += finding_text(finding, instance.id);
  }
  return text;
}

}  // namespace pitstop
