#pragma once

#include <map>

#include "report/backup_report.hpp"

namespace pitstop {

/// Plain lines, one a step, for a log file or a pipe; errors and warnings go to `diagnostics`.
class TextReport final : public BackupReport {
 public:
  TextReport(std::ostream& output, std::ostream& diagnostics)
      : output_(output), diagnostics_(diagnostics) {}

  void begun(const std::vector<ec2::Instance>& servers) override;
  void saw(const Event& event) override;
  void saw_progress(const InstanceId&, const std::vector<SnapshotOutcome>&) override {}
  bool wants_progress() const override { return false; }
  void planned(const BackupPlan& plan) override;
  void failed(const Error& error, int exit_status) override;
  void ended(const RunSummary& summary) override;

 private:
  std::string title(const InstanceId& instance) const;

  std::ostream& output_;
  std::ostream& diagnostics_;
  std::map<InstanceId, std::string> titles_;
};

/// The end of a run for people: a paragraph a server, and the sum. `titles` names the servers.
std::string summary_text(const RunSummary& summary,
                         const std::map<InstanceId, std::string>& titles);

/// The errors of the servers that have one.
std::string errors_of(const RunSummary& summary);

/// What would be done to one server.
std::string plan_text(const BackupPlan& plan);

/// A warning's lines.
std::string warning_lines(const Event& event);

}  // namespace pitstop
