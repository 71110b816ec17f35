#include "report/past_run_text.hpp"

#include <fmt/format.h>

#include "backup/policy_names.hpp"
#include "backup/recording.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "report/backup_text.hpp"
#include "report/fleet_summary.hpp"
#include "report/run_figures.hpp"

namespace pitstop {
namespace {

std::string_view mark_phrase(Mark mark) {
  switch (mark) {
    case Mark::prime:
      return "asking for a first set of snapshots";
    case Mark::fast_restore:
      return "enabling fast snapshot restore";
    case Mark::tag:
      return "tagging it";
    case Mark::rotation:
      return "taking it out of rotation";
    case Mark::guard:
      return "making its guard";
    case Mark::reserve:
      return "reserving its capacity";
    case Mark::stop:
      return "stopping it";
    case Mark::force:
      return "forcing the stop";
    case Mark::snapshots:
      return "asking for the snapshots";
    case Mark::volumes:
      return "making the volumes that are to come in";
    case Mark::swap:
      return "exchanging its volumes";
    case Mark::start:
      return "starting it";
    case Mark::running:
      return "it runs, or was not stopped";
  }
  unreachable();
}

/// What was about to be done, and when.
std::string open_backup_text(const OpenBackup& open, const std::string& title) {
  auto text =
      fmt::format("{}: under way as {}\n  begun {} in {}, by {}\n", title, open.backup.str(),
                  rfc3339(open.opened), open.region, printable(open.holder));
  if (open.found_stopped) {
    text += "  found stopped, and to be left stopped\n";
  }
  for (const auto& mark : open.marks) {
    text += fmt::format("  {}  {}\n", rfc3339(mark.at), mark_phrase(mark.mark));
  }
  return text;
}

std::string sum_of_past(const RunFigures& figures, std::size_t under_way) {
  auto text = fmt::format("{} of {} backed up", figures.good, figures.servers + under_way);
  const auto add = [&](std::size_t count, const char* what) {
    text += count > 0 ? fmt::format(", {} {}", count, what) : "";
  };
  add(figures.failed, "failed");
  add(figures.refused, "refused");
  add(figures.done_elsewhere, "backed up by another run");
  add(figures.left_down.size(), "left down");
  add(under_way, "under way");
  return text + '\n';
}

}  // namespace

std::string past_run_text(const PastRun& run, bool only_failed) {
  Titles titles;
  std::vector<BackupOutcome> outcomes;
  const auto policies = policies_in(run.policy());
  const auto asked =
      policies.empty() ? ""
                       : fmt::format(" by the {} {}", policies.size() == 1 ? "policy" : "policies",
                                     join(policies, ", "));
  auto text = fmt::format("run {}, begun {}{}{}\n", run.run.str(), rfc3339(run.begun()), asked,
                          run.is_latest ? ": the latest in the journal" : "");
  for (const auto& record : run.ended) {
    titles.add(record.instance, record.name);
    outcomes.push_back(to_outcome(record));
    if (went_wrong(record) || !only_failed) {
      text += '\n' + past_backup_text(outcomes.back(), titles.of(record.instance), record.region);
    }
  }
  for (const auto& open : run.under_way) {
    text += '\n' + open_backup_text(open, title_of(open.name, open.instance));
  }
  const auto figures = run_figures_of(outcomes);
  if (figures.servers > most_paragraphs) {
    text += '\n' + run_figures_text(figures, titles);
  }
  text += '\n' + sum_of_past(figures, run.under_way.size());
  if (!run.under_way.empty()) {
    text += "HINT: where the process of one under way is gone, pitstop recover brings it back\n";
  }
  return text;
}

}  // namespace pitstop
