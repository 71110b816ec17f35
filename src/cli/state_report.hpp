#pragma once

#include <memory>

#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"
#include "report/live_board.hpp"

namespace pitstop {

/// A report that can be asked at any time what every server is at: the newest one of
/// `surroundings.describers` answers. Passes on all that it is told.
class StateReport final : public BackupReport {
 public:
  StateReport(std::unique_ptr<BackupReport> next, const Surroundings& surroundings);
  ~StateReport() override;
  StateReport(const StateReport&) = delete;
  StateReport& operator=(const StateReport&) = delete;

  void begun(const std::vector<ec2::Instance>& servers) override;
  void saw(const Event& event) override;
  void saw_progress(const InstanceId& instance,
                    const std::vector<SnapshotOutcome>& snapshots) override;

  // Passed on as they are.
  bool wants_progress() const override { return next_->wants_progress(); }
  void policy(const PolicyState& state) override { next_->policy(state); }
  void selected(const std::vector<ListedServer>& servers, std::size_t max_down) override {
    next_->selected(servers, max_down);
  }
  void site_failed(const std::string& site, const Error& error) override {
    next_->site_failed(site, error);
  }
  void checked(const Checked& checked) override { next_->checked(checked); }
  void interrupted() override { next_->interrupted(); }
  void failed(const Error& error, int exit_status) override { next_->failed(error, exit_status); }
  void ended(const RunSummary& summary) override { next_->ended(summary); }
  void restored(const RestoreOutcome& outcome, int exit_status) override {
    next_->restored(outcome, exit_status);
  }
  void copied(const CopyEnd& end) override { next_->copied(end); }
  void redraw(const std::vector<ec2::Congestion>& congestion) override {
    next_->redraw(congestion);
  }
  void hold_still(bool still) override { next_->hold_still(still); }

 private:
  std::string describe() const;

  std::unique_ptr<BackupReport> next_;
  Clock& clock_;
  LiveBoard board_;
  std::shared_ptr<Describers> describers_;
  Describers::iterator place_;
};

}  // namespace pitstop
