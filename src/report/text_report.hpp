#pragma once

#include "report/backup_report.hpp"
#include "report/wording.hpp"

namespace pitstop {

/// Plain lines, one a step, for a log file or a pipe; errors and warnings go to `diagnostics`.
class TextReport final : public BackupReport {
 public:
  TextReport(std::ostream& output, std::ostream& diagnostics)
      : output_(output), diagnostics_(diagnostics) {}

  void policy(const PolicyState& state) override;
  void begun(const std::vector<ec2::Instance>& servers) override;
  void saw(const Event& event) override;
  void saw_progress(const InstanceId&, const std::vector<SnapshotOutcome>&) override {}
  bool wants_progress() const override { return false; }
  void selected(const std::vector<ListedServer>& servers, std::size_t max_down) override;
  void site_failed(const std::string& site, const Error& error) override;
  void checked(const Checked& checked) override;
  void interrupted() override;
  void failed(const Error& error, int exit_status) override;
  void ended(const RunSummary& summary) override;
  void restored(const RestoreOutcome& outcome, int exit_status) override;
  void copied(const CopyEnd& end) override;

 private:
  std::ostream& output_;
  std::ostream& diagnostics_;
  Titles titles_;
};

}  // namespace pitstop
