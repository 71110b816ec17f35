#include "report/live_report.hpp"

#include <fmt/format.h>

namespace pitstop {

void LiveReport::erase() {
  if (lines_drawn_ > 0) {
    terminal_ << fmt::format("\x1b[{}A\x1b[J",
                             lines_drawn_);  // up to the board's first line, clear from there
    lines_drawn_ = 0;
  }
}

void LiveReport::redraw() {
  const auto lines = board_.render(clock_.now(), size_());
  erase();
  for (const auto& line : lines) {
    terminal_ << line << '\n';
  }
  lines_drawn_ = lines.size();
  terminal_ << std::flush;
}

void LiveReport::begun(const std::vector<ec2::Instance>& servers) {
  for (const auto& server : servers) {
    titles_[server.id] = title_of(server);
    board_.add(server.id, title_of(server));
  }
}

void LiveReport::saw(const Event& event) {
  board_.saw(event, clock_.now());
  if (event.step == Step::warning) {
    erase();
    terminal_ << warning_lines(event);
  }
  redraw();
}

void LiveReport::saw_progress(const InstanceId& instance,
                              const std::vector<SnapshotOutcome>& snapshots) {
  board_.saw_progress(instance, snapshots);
}

void LiveReport::planned(const BackupPlan& plan) {
  terminal_ << plan_text(plan);
}

void LiveReport::failed(const Error& error, int) {
  erase();
  terminal_ << error_lines(error) << std::flush;
}

void LiveReport::ended(const RunSummary& summary) {
  erase();
  terminal_ << errors_of(summary) << summary_text(summary, titles_) << std::flush;
}

}  // namespace pitstop
