#include "report/text_report.hpp"

#include "report/check_text.hpp"
#include "report/restore_text.hpp"
#include "report/summary_text.hpp"

namespace pitstop {

// A timer asks often, and what it is told may go out as a mail: no news is not worth one.
void TextReport::policy(const PolicyState& state) {
  if (state.standing == Standing::due || state.dry_run) {
    output_ << policy_text(state) << std::flush;
  }
}

void TextReport::begun(const std::vector<ec2::Instance>& servers) {
  for (const auto& server : servers) {
    titles_.add(server);
  }
}

void TextReport::saw(const Event& event) {
  if (event.step == Step::finished) {
    return;  // the summary tells more
  }
  auto& stream = is_for_a_person(event.step) ? diagnostics_ : output_;
  stream << event_lines(event, titles_.of(event.instance), titles_.width()) << std::flush;
}

void TextReport::selected(const std::vector<ListedServer>& servers, std::size_t max_down) {
  constexpr std::size_t most_lines = 24;
  output_ << server_list(servers, max_down, most_lines) << std::flush;
}

void TextReport::site_failed(const std::string& site, const Error& error) {
  diagnostics_ << error_lines(within(site, error)) << std::flush;
}

void TextReport::checked(const Checked& checked) {
  output_ << check_text(checked) << std::flush;
}

void TextReport::interrupted() {
  diagnostics_ << interruption_line() << std::flush;
}

void TextReport::failed(const Error& error, int) {
  diagnostics_ << error_lines(error) << std::flush;
}

// Both streams often end in one mail: each is flushed before the other goes on.
void TextReport::ended(const RunSummary& summary) {
  diagnostics_ << errors_text(summary, titles_) << std::flush;
  output_ << summary_text(summary, titles_) << std::flush;
  diagnostics_ << left_down_text(summary, titles_) << std::flush;
}

void TextReport::restored(const RestoreOutcome& outcome, int) {
  if (outcome.error) {
    diagnostics_ << error_lines(*outcome.error) << std::flush;
  }
  output_ << outcome_text(outcome) << std::flush;
  if (outcome.left_down) {
    diagnostics_ << down_lines({*outcome.server}, titles_) << std::flush;
  }
}

void TextReport::copied(const CopyEnd& end) {
  diagnostics_ << copy_errors_text(end) << std::flush;
  output_ << copy_end_text(end) << std::flush;
}

}  // namespace pitstop
