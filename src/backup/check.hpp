#pragma once

#include <optional>
#include <vector>

#include "backup/finding.hpp"
#include "backup/pending.hpp"
#include "backup/plan.hpp"
#include "backup/select.hpp"
#include "backup/survey.hpp"
#include "backup/tools.hpp"
#include "base/clock.hpp"

namespace pitstop {

/// What the check of a server works with. All of it outlives the check.
struct CheckTools {
  ec2::Caller& ec2;
  PendingSnapshots& pending;
  const Survey& survey;
  Clock& clock;
  /// Whose credentials have to last; null where they do not end.
  Identity* identity;
  /// The instance that pitstop runs on, if it does and can tell.
  std::optional<InstanceId> own_host;
};

/// How long its backups had it down before.
struct PastDowntime {
  Duration median{};
  Duration worst{};
};

/// What came of the check of one server.
struct Checked {
  ec2::Instance instance;
  /// Nothing if it cannot be backed up at all; a finding tells why.
  std::optional<BackupPlan> plan;
  /// All that a person should know, what is accepted as a warning.
  std::vector<Finding> findings;
  /// What is to be waited for before the stop.
  std::vector<ec2::Snapshot> pending_snapshots;
  /// Nothing if nobody has asked the journal, or it knows of none.
  std::optional<PastDowntime> past_downtime = {};

  bool may_begin() const { return plan && first_refusal(findings) == nullptr; }
};

/// All that can be known of a server before it is stopped, and the plan of its backup. Changes
/// nothing.
Task<Checked> check(CheckTools tools, SelectedServer server, BackupOptions options, RunId run,
                    BackupId backup);

}  // namespace pitstop
