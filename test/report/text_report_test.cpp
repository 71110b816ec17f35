#include "report/text_report.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "report/check_text.hpp"
#include "report/summary_text.hpp"
#include "sample.hpp"
#include "support/golden.hpp"

namespace pitstop {
namespace {

using namespace test;

Titles sample_titles() {
  Titles titles;
  for (const auto& server : sample_servers()) {
    titles.add(server);
  }
  return titles;
}

/// Both streams in one, as a mail has them.
class Mail {
 public:
  Mail() : report_(text_, text_) { report_.begun(sample_servers()); }

  TextReport& report() { return report_; }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  TextReport report_;
};

TEST(TextReport, ReadsLikeThisInAMail) {
  Mail mail;
  auto& report = mail.report();
  report.saw(sample_event(web, Step::stop_requested));
  report.saw(sample_event(nameless, Step::stop_requested, "", "", 1));
  report.saw(sample_event(web, Step::stopped, "", "", 20));
  report.saw(sample_event(web, Step::snapshots_requested, "", "", 20));
  report.saw(sample_event(web, Step::snapshots_created,
                          "snap-0aaaaaaaaaaaaaaaa of vol-0aaaaaaaaaaaaaaaa (/dev/sda1)", "", 21));
  report.saw(sample_event(web, Step::gate_opened, "progress", "", 30));
  report.saw(sample_event(web, Step::start_requested, "", "", 30));
  report.saw(sample_event(web, Step::running, "down for 41.0s", "", 41));
  report.saw(sample_event(nameless, Step::warning, nameless.str() + " did not stop within 10m 00s",
                          "it is being watched until it does", 601));
  report.saw(sample_event(web, Step::finished, "completed", "", 700));
  report.ended(sample_summary({good_backup(), refused_backup(), left_down_backup()}, 20));
  expect_golden("report/golden/mail.txt", mail.text());
}

TEST(TextReport, PutsErrorsAndWarningsOnTheOtherStream) {
  std::ostringstream output;
  std::ostringstream diagnostics;
  TextReport report(output, diagnostics);
  report.saw(sample_event(web, Step::warning, "it is slow"));
  report.interrupted();
  report.failed({ErrorKind::usage, "no", "yes", ""}, 2);
  EXPECT_EQ(output.str(), "");
  EXPECT_EQ(diagnostics.str(),
            "2026-11-23T00:16:00.250Z  i-0123456789abcdef0  warning: it is slow\n" +
                interruption_line() + "error: no\nHINT: yes\n");
}

TEST(TextReport, SaysLastWhatIsDown) {
  Mail mail;
  mail.report().ended(sample_summary({left_down_backup(), good_backup()}, 20));
  EXPECT_TRUE(
      mail.text().ends_with("error: DOWN, stopped by pitstop and not running: i-0a1b2c3d\n"
                            "HINT: pitstop recover brings them back; or aws ec2 start-instances "
                            "--instance-ids i-0a1b2c3d\n"))
      << mail.text();
}

TEST(TextReport, ShowsWhatWasFoundAndWhatWouldBeDone) {
  auto stopped = sample_check();
  stopped.plan->instance.state = stopped.instance.state = ec2::InstanceState::stopped;
  stopped.plan->options.set_tags.clear();
  stopped.plan->excluded.clear();
  stopped.findings.clear();
  auto accepted = stopped;
  accepted.plan->instance.state = accepted.instance.state = ec2::InstanceState::running;
  accepted.plan->options.start_when = StartWhen::accepted;
  auto hopeless = refused_check();
  hopeless.plan.reset();
  auto summary = sample_summary({});
  summary.dry_run = true;
  summary.checked = 5;
  summary.refused = 2;
  expect_golden("report/golden/check.txt", check_text(sample_check()) + check_text(stopped) +
                                               check_text(accepted) + check_text(refused_check()) +
                                               check_text(hopeless) +
                                               summary_text(summary, Titles()));
}

TEST(SummaryText, HasEveryOutcome) {
  auto following = good_backup();
  following.outcome = Outcome::following;
  following.consistency = Consistency::crash;
  following.snapshots[0].snapshot.state = ec2::SnapshotState::pending;
  following.snapshots[0].snapshot.progress = 42;
  following.snapshots[1].snapshot.state = ec2::SnapshotState::pending;
  auto late = good_backup();
  late.gate = GateOpening::deadline;
  auto late_for_complete = late;
  late_for_complete.start_when = StartWhen::completed;
  late_for_complete.snapshots.clear();
  auto found_stopped = good_backup();
  found_stopped.downtime.reset();
  found_stopped.phases = {};
  auto failed = good_backup();
  failed.outcome = Outcome::failed;
  failed.error = Error{ErrorKind::refused, "EC2 made no snapshot of vol-1", "", ""};
  failed.snapshots[0].snapshot.state.reset();
  expect_golden(
      "report/golden/outcomes.txt",
      summary_text(sample_summary({good_backup(), following, late, late_for_complete, found_stopped,
                                   failed, refused_backup(), left_down_backup()}),
                   sample_titles()));
}

TEST(SummaryText, NamesTheServerOfEachError) {
  expect_golden("report/golden/errors.txt",
                errors_text(sample_summary({good_backup(), refused_backup(), left_down_backup()}),
                            sample_titles()));
}

}  // namespace
}  // namespace pitstop
