#pragma once

#include <functional>

#include "base/clock.hpp"
#include "report/live_board.hpp"
#include "report/text_report.hpp"

namespace pitstop {

/// For a person at a terminal: a board that is redrawn in place, warnings above it, and at the end
/// the same summary as the plain lines have.
class LiveReport final : public BackupReport {
 public:
  /// `terminal` takes text with ANSI escapes; `size` is asked at each drawing, for windows change.
  LiveReport(std::ostream& terminal, Clock& clock, std::function<BoardSize()> size)
      : terminal_(terminal), clock_(clock), size_(std::move(size)) {}

  void begun(const std::vector<ec2::Instance>& servers) override;
  void saw(const Event& event) override;
  void saw_progress(const InstanceId& instance,
                    const std::vector<SnapshotOutcome>& snapshots) override;
  bool wants_progress() const override { return true; }
  void planned(const BackupPlan& plan) override;
  void failed(const Error& error, int exit_status) override;
  void ended(const RunSummary& summary) override;
  void redraw() override;

 private:
  void erase();

  std::ostream& terminal_;
  Clock& clock_;
  std::function<BoardSize()> size_;
  LiveBoard board_;
  std::map<InstanceId, std::string> titles_;
  std::size_t lines_drawn_ = 0;
};

}  // namespace pitstop
