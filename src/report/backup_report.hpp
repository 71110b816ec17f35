#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "backup/check.hpp"
#include "backup/observer.hpp"
#include "ec2/congestion.hpp"
#include "report/copy_report.hpp"
#include "report/policy_state.hpp"
#include "report/server_list.hpp"
#include "restore/restore_outcome.hpp"

namespace pitstop {

/// What a run of `backup` amounts to, or one of `recover`.
struct RunSummary {
  RunId run;
  /// That asked for it; empty: the user did.
  std::string policy = {};
  /// Whether it is what others have begun.
  bool recovery = false;
  int exit_status = 0;
  /// One a server, in the order in which they were named; none if they were only checked.
  std::vector<BackupOutcome> backups;
  int api_calls = 0;
  /// The accounts and regions, of several, that gave no answer.
  std::vector<std::string> silent_sites = {};
  Duration took{};
  /// Whether nothing was changed: then so many servers were checked, or found to be recovered, and
  /// so many would be refused.
  bool dry_run = false;
  std::size_t checked = 0;
  std::size_t refused = 0;
  /// Of a recovery: servers that are left as they are, each for a reason that was reported.
  std::size_t passed_over = 0;
  /// Of a recovery: interrupted restores that stop no server, each told.
  std::size_t restores = 0;
};

/// What the user sees of a run, in one of the formats. A file a format.
class BackupReport : public Observer {
 public:
  /// What is to be done for a policy, before its run if there is one.
  virtual void policy(const PolicyState& state) = 0;

  /// The servers of the run, before anything happens.
  virtual void begun(const std::vector<ec2::Instance>& servers) = 0;

  /// The servers that a run is going to back up, before anything is done to them, and how many of
  /// them may be down at a time.
  virtual void selected(const std::vector<ListedServer>& servers, std::size_t max_down) = 0;

  /// An account in a region, of several, that gives no answer; the run goes on with the others.
  virtual void site_failed(const std::string& site, const Error& error) = 0;

  /// What the check of one server came to.
  virtual void checked(const Checked& checked) = 0;

  /// The user has asked to end; the run goes on until no server is down.
  virtual void interrupted() = 0;

  /// Why the whole command cannot be done. Nothing else follows.
  virtual void failed(const Error& error, int exit_status) = 0;

  /// The end.
  virtual void ended(const RunSummary& summary) = 0;

  /// The end of a restore.
  virtual void restored(const RestoreOutcome& outcome, int exit_status) = 0;

  /// The end of a copy.
  virtual void copied(const CopyEnd& end) = 0;

  /// Called a few times a second while the run goes on and wants_progress(): seconds pass even when
  /// nothing happens. `congestion` is what EC2 slows down at the moment; where a run has several
  /// paces, of each.
  virtual void redraw(const std::vector<ec2::Congestion>&) {}

  /// The terminal belongs to a question, or does no longer.
  virtual void hold_still(bool) {}
};

}  // namespace pitstop
