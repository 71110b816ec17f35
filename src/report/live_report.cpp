#include "report/live_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/check_text.hpp"
#include "report/columns.hpp"
#include "report/restore_text.hpp"
#include "report/summary_text.hpp"

namespace pitstop {
namespace {

// ECMA-48: cursor up, erase to the end of the line, erase to the end of the screen.
constexpr auto cursor_up = "\x1b[{}A";
constexpr auto erase_line = "\x1b[K";
constexpr auto erase_below = "\x1b[J";

}  // namespace

std::string LiveReport::in(Color color, std::string_view text) const {
  if (!terminal_.colors || text.empty()) {
    return std::string(text);
  }
  const auto* select = color == Color::red ? "1;31" : "33";
  return fmt::format("\x1b[{}m{}\x1b[0m", select, text);
}

std::string LiveReport::with_colored_first_line(Color color, std::string_view text) const {
  const auto end = text.find('\n');
  return in(color, text.substr(0, end)) + std::string(text.substr(end));
}

std::string LiveReport::with_red_errors(std::string_view text) const {
  std::vector<std::string> lines;
  for (const auto line : split(text, '\n')) {
    const bool is_red = line.starts_with("error:") || line.starts_with("DOWN");
    lines.push_back(is_red ? in(Color::red, line) : std::string(line));
  }
  return join(lines, "\n");
}

std::string LiveReport::painted(const BoardLine& line) const {
  constexpr std::string_view down = "DOWN";
  if (!line.is_down || !line.text.starts_with(down)) {
    return line.text;
  }
  return in(Color::red, down) + line.text.substr(down.size());
}

std::string LiveReport::to_top(int columns) const {
  // A window that became narrower has wrapped the lines that were drawn for a wider one.
  const auto width = static_cast<std::size_t>(std::max(columns, 1));
  std::size_t rows = 0;
  for (const auto used : drawn_) {
    rows += std::max<std::size_t>((used + width - 1) / width, 1);
  }
  return rows == 0 ? "" : "\r" + fmt::format(cursor_up, rows);
}

void LiveReport::erase() {
  if (!drawn_.empty()) {
    terminal_.output << to_top(terminal_.size().columns) << erase_below << std::flush;
    drawn_.clear();
  }
  terminal_.diagnostics << to_say_ << std::flush;
  to_say_.clear();
}

void LiveReport::say(std::string_view text) {
  to_say_ += text;
  if (drawn_.empty()) {
    erase();
  }
}

// In one piece and over what stands there, line by line: to erase first would flicker.
void LiveReport::draw() {
  if (holds_still_) {
    return;
  }
  const auto size = terminal_.size();
  auto frame = to_top(size.columns);
  drawn_.clear();
  for (const auto& line : board_.render(clock_.now(), size)) {
    frame += painted(line) + erase_line + '\n';
    drawn_.push_back(columns_of(line.text));
  }
  terminal_.output << frame << erase_below << std::flush;
}

void LiveReport::redraw(const std::vector<ec2::Congestion>& congestion) {
  board_.saw_congestion(congestion, clock_.now());
  if (!to_say_.empty()) {
    erase();
  }
  draw();
}

void LiveReport::policy(const PolicyState& state) {
  erase();
  terminal_.output << policy_text(state) << std::flush;
}

void LiveReport::begun(const std::vector<ec2::Instance>& servers) {
  for (const auto& server : servers) {
    titles_.add(server);
    board_.add(server.id, titles_.of(server.id));
  }
}

void LiveReport::saw(const Event& event) {
  board_.saw(event, clock_.now());
  if (is_for_a_person(event.step)) {
    const auto lines = event_lines(event, titles_.of(event.instance), 0);
    const auto color = event.step == Step::alarm ? Color::red : Color::yellow;
    say(with_colored_first_line(color, lines));
  } else if (event.step == Step::removed) {
    // A prune draws no board: servers do not wait for it.
    say(event_lines(event, titles_.of(event.instance), 0));
  }
}

void LiveReport::saw_progress(const InstanceId& instance,
                              const std::vector<SnapshotOutcome>& snapshots) {
  board_.saw_progress(instance, snapshots);
}

void LiveReport::hold_still(bool still) {
  erase();
  holds_still_ = still;
}

void LiveReport::selected(const std::vector<ListedServer>& servers, std::size_t max_down) {
  erase();
  const auto lines = static_cast<std::size_t>(std::max(terminal_.size().lines - 2, 1));
  terminal_.output << server_list(servers, max_down, lines) << std::flush;
}

void LiveReport::site_failed(const std::string& site, const Error& error) {
  say(with_red_errors(error_lines(within(site, error))));
}

void LiveReport::checked(const Checked& checked) {
  erase();
  terminal_.output << check_text(checked) << std::flush;
}

void LiveReport::interrupted() {
  say(with_colored_first_line(Color::yellow, interruption_line()));
}

void LiveReport::failed(const Error& error, int) {
  erase();
  terminal_.diagnostics << with_red_errors(error_lines(error)) << std::flush;
}

void LiveReport::ended(const RunSummary& summary) {
  erase();
  // The summary of a fleet has its errors, too, and they are to fit the same screen.
  if (!is_of_a_fleet(summary)) {
    terminal_.diagnostics << with_red_errors(errors_text(summary, titles_)) << std::flush;
  }
  auto screen = terminal_.size();
  --screen.lines;  // for the prompt
  terminal_.output << with_red_errors(summary_text(summary, titles_, screen)) << std::flush;
  terminal_.diagnostics << with_red_errors(left_down_text(summary, titles_)) << std::flush;
}

void LiveReport::restored(const RestoreOutcome& outcome, int) {
  erase();
  if (outcome.error) {
    terminal_.diagnostics << with_red_errors(error_lines(*outcome.error)) << std::flush;
  }
  terminal_.output << outcome_text(outcome) << std::flush;
  if (outcome.left_down) {
    terminal_.diagnostics << with_red_errors(down_lines({*outcome.server}, titles_)) << std::flush;
  }
}

void LiveReport::copied(const CopyEnd& end) {
  erase();
  terminal_.diagnostics << with_red_errors(copy_errors_text(end)) << std::flush;
  terminal_.output << copy_end_text(end) << std::flush;
}

}  // namespace pitstop
