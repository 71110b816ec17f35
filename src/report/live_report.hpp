#pragma once

#include <functional>

#include "base/clock.hpp"
#include "report/backup_report.hpp"
#include "report/live_board.hpp"
#include "report/wording.hpp"

namespace pitstop {

/// A terminal, as a report sees it.
struct Terminal {
  /// Takes text with ANSI escapes.
  std::ostream& output;
  /// The same terminal, for errors and warnings.
  std::ostream& diagnostics;
  /// Asked at each drawing, for windows change.
  std::function<BoardSize()> size;
  bool colors = true;
};

/// For a person at a terminal: a board that is redrawn in place by the clock alone, warnings above
/// it, and at the end the same summary as the plain lines have.
class LiveReport final : public BackupReport {
 public:
  LiveReport(Terminal terminal, Clock& clock) : terminal_(std::move(terminal)), clock_(clock) {}

  void policy(const PolicyState& state) override;
  void begun(const std::vector<ec2::Instance>& servers) override;
  void saw(const Event& event) override;
  void saw_progress(const InstanceId& instance,
                    const std::vector<SnapshotOutcome>& snapshots) override;
  bool wants_progress() const override { return true; }
  void selected(const std::vector<ListedServer>& servers, std::size_t max_down) override;
  void site_failed(const std::string& site, const Error& error) override;
  void checked(const Checked& checked) override;
  void interrupted() override;
  void failed(const Error& error, int exit_status) override;
  void ended(const RunSummary& summary) override;
  void restored(const RestoreOutcome& outcome, int exit_status) override;
  void copied(const CopyEnd& end) override;
  void redraw(const std::vector<ec2::Congestion>& congestion) override;
  void hold_still(bool still) override;

 private:
  enum class Color { red, yellow };

  std::string in(Color color, std::string_view text) const;
  /// For whole lines: hints stay as they are.
  std::string with_colored_first_line(Color color, std::string_view text) const;
  std::string with_red_errors(std::string_view text) const;
  std::string painted(const BoardLine& line) const;
  /// To the beginning of the board, as an escape sequence.
  std::string to_top(int columns) const;
  void draw();
  void erase();
  /// Above the board: at once if there is none, else with the next drawing, for each of them costs.
  void say(std::string_view text);

  Terminal terminal_;
  Clock& clock_;
  LiveBoard board_;
  Titles titles_;
  /// The columns that each line of the board takes on the terminal.
  std::vector<std::size_t> drawn_;
  /// What is to stand above the next one.
  std::string to_say_;
  bool holds_still_ = false;
};

}  // namespace pitstop
