#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backup/fleet.hpp"
#include "cli/policy.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// A policy in a round: its servers, and what came of them.
struct PolicyTurn {
  Policy policy;
  std::vector<std::size_t> sites = {};  ///< its own
  std::vector<std::string> silent_sites = {};
  std::size_t selected = 0;
  std::size_t passed_over = 0;  ///< servers that a restore has made, and nobody has adopted
  std::vector<SelectedServer> servers = {};  ///< those that are due, until they are shared out
  std::size_t left = 0;                      ///< so many of them have not ended
  std::map<std::size_t, BackupOutcome> outcomes = {};  ///< by the server's place in the round
  bool is_over = false;
};

/// What one look at the policies has begun.
struct PolicyRound {
  RunId run;
  Instant begun;
  int calls_before = 0;
  std::list<PolicyTurn> turns = {};
  std::vector<BackupOutcome> recovered = {};
  bool is_recovered = false;

  // The servers that are due, each once.
  std::vector<InstanceId> ids = {};
  std::vector<std::vector<std::size_t>> turns_of = {};  ///< of each, by their numbers
  std::vector<bool> has_ended = {};
  /// They as one fleet: a set of rules a turn, and a part for each combination of policies that
  /// have servers in common. The parts' sites are not known here.
  FleetWork fleet = {};
  std::unique_ptr<PitLane> lane = {};

  PolicyTurn& turn(std::size_t number);
  const PolicyTurn& turn(std::size_t number) const;

  /// Whether a server of that policy is still to be taken down, or down.
  bool is_busy(std::size_t number) const;

  /// Makes one fleet of the servers that are due. A server that several policies want is one
  /// server, as long as their names find room in a tag.
  void share_out();

  /// Nothing more happens to a server.
  void ended(std::size_t place, const BackupOutcome& outcome);

  /// What it came to for a policy; without the exit status, and what a run has in all.
  RunSummary summary_of(const PolicyTurn& turn, Instant now) const;

  /// The outcomes that the exit status of a policy goes by: also of those that were left down
  /// before.
  std::vector<BackupOutcome> outcomes_for_status(const PolicyTurn& turn) const;
};

}  // namespace pitstop
