#pragma once

#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "backup/recover.hpp"
#include "cli/down_list.hpp"
#include "cli/drawing.hpp"
#include "cli/exit_status.hpp"
#include "cli/on_down.hpp"
#include "cli/policy_round.hpp"
#include "cli/policy_sites.hpp"
#include "cli/wiring.hpp"

/// The servers of all policies that are due, as one fleet.
///
/// 1. A server is begun under the rules of each policy that it is due for, and once for all of
/// them.
/// 2. Nobody waits until snapshots are complete: as long as some are followed, policies are looked
///    at again, as a timer would.
/// 3. A policy that is under way is begun again when its servers are up, and not before.
/// 4. If EC2 cannot tell which backups there are, nobody is stopped.
namespace pitstop {

/// What happens after all servers of a policy.
class AfterPolicy {
 public:
  virtual ~AfterPolicy() = default;
  /// `has_new`: at least one of them was backed up. `others`: other policies are still under way.
  virtual Task<ExitStatus> after(Policy policy, bool has_new, bool others) = 0;
};

struct PolicyFleetDoors {
  Surroundings& surroundings;
  BackupReport& report;
  State& state;
  AfterPolicy& after;
};

class PolicyFleet {
 public:
  explicit PolicyFleet(PolicyFleetDoors doors) : doors_(doors), sites_(doors.surroundings) {}
  ~PolicyFleet();

  /// Backs up what is due by these policies, in their order, until nothing is under way any more.
  /// With `now` all of their servers are due, once.
  Task<void> run(std::vector<Policy> policies, bool now);

  /// How it ended for a policy.
  ExitStatus status_of(const std::string& policy) const;

 private:
  Task<void> look(bool is_first);
  Task<void> watch();
  bool may_look_again() const;
  void begin_drawing(const Executor& executor);

  // Which policies a look begins.
  void choose(PolicyRound& round, bool is_first);
  bool is_begun(const std::string& policy) const;
  bool lock(const Policy& policy, bool is_first);
  void open_sites(PolicyRound& round);

  // What comes of them.
  Task<std::vector<RecoveryPart>> find_left(PolicyRound& round);
  Task<void> recover_into(PolicyRound& round, std::vector<RecoveryPart> parts);
  Task<void> back_up_then(PolicyRound& round, bool is_first);
  Task<void> select(PolicyRound& round);
  Task<void> find_due(PolicyRound& round, bool is_first);
  void leave_out_those_under_way(std::vector<SelectedServer>& servers) const;
  void open_parts(PolicyRound& round);
  Observer& observer_for(const std::vector<std::size_t>& turns, const PolicyRound& round);
  void show(const PolicyRound& round);
  Task<void> work(PolicyRound& round);
  Task<void> finish_all(PolicyRound& round);
  Task<void> finish(PolicyRound& round, PolicyTurn& turn);
  void give_up(PolicyRound& round, PolicyTurn& turn, const Error& error);
  void ended(PolicyTurn& turn, ExitStatus status);
  void went_silent(PolicyTurn& turn, std::size_t site, const Error& error);

  PolicyFleetDoors doors_;
  PolicySites sites_;
  std::vector<Policy> policies_;
  bool now_ = false;
  Instant next_look_;
  int looks_under_way_ = 0;
  std::list<PolicyRound*> rounds_;
  std::map<std::string, int> locked_;  ///< how many turns hold the lock of a policy
  std::map<std::string, ExitStatus> statuses_;
  std::unique_ptr<Drawing> drawing_;
  std::unique_ptr<DownList> down_list_;
  std::vector<std::unique_ptr<OnDown>> observers_;
  std::map<std::vector<std::vector<std::string>>, Observer*> by_commands_;
};

}  // namespace pitstop
