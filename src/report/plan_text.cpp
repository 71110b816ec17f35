#include "report/plan_text.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

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
    rows.push_back({"snapshot of", volume.id.str(), plan.device_of(volume.id),
                    fmt::format("{:>5} GiB", static_cast<std::int64_t>(volume.size)), volume.type});
  }
  for (const auto& excluded : plan.excluded) {
    rows.push_back({"left out:", excluded.volume.str(), excluded.device});
  }
  return table(rows, "  ");
}

}  // namespace

std::string plan_text(const BackupPlan& plan) {
  const auto& instance = plan.instance;
  auto text = fmt::format("{}: {}{}\n", title_of(instance), to_string(instance.state),
                          instance.zone.empty() ? "" : " in " + instance.zone);
  if (plan.found_stopped()) {
    text += "  would be backed up as it is, and left stopped\n";
  } else {
    text += fmt::format("  would be stopped, and started when {} (after {} at the latest)\n",
                        condition(plan.options.start_when), human(plan.options.max_downtime));
  }
  text += volumes_text(plan);
  for (const auto& tag : plan.options.set_tags) {
    text += fmt::format("  tag {} = {}\n", printable(tag.key), printable(tag.value));
  }
  for (const auto& note : plan.notes) {
    text += fmt::format("  note: {}\n", note);
  }
  return text;
}

}  // namespace pitstop
