#pragma once

#include <functional>
#include <map>
#include <string>

#include "cli/command_bench.hpp"
#include "sim/faults/faults.hpp"
#include "sim/simulator.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::test {

/// Runs whole commands against several accounts that know each other, a simulated EC2 with all its
/// regions each. The roles of an account can be assumed by everybody but those that are said to be
/// forbidden.
class SitesBench {
 public:
  /// The account that the credentials belong to by themselves.
  static constexpr auto own_account = "111111111111";

  static std::string role_in(const std::string& account) {
    return "arn:aws:iam::" + account + ":role/pitstop";
  }

  /// Under that number; it can copy what the others share with it. Ids that are to be unlike those
  /// of the others need another seed than theirs.
  void add_account(const std::string& account, sim::Scenario scenario);
  sim::Simulator& account(const std::string& account) { return *accounts_.at(account); }

  CommandResult run(std::vector<std::string> arguments);

  /// A command on a host of its own, with a state directory of that name.
  struct OnHost {
    std::string host;
    std::vector<std::string> arguments;
    Duration after = {};  ///< when it begins
  };
  /// Several at the same time, each a process of its own.
  std::vector<CommandResult> run_together(std::vector<OnHost> commands);

  /// The same, and the process ends before the first call of that action, or that one of them. What
  /// the process held is free: later runs have a copy of its journal, as the state directory has no
  /// locks of it.
  void run_until(const std::string& action, std::vector<std::string> arguments, int which = 1);

  sim::Faults faults{{}, 1};  ///< what goes wrong on the way
  /// Told of each call before it is sent.
  std::function<void(const std::string& action)> on_call;
  std::map<std::string, std::string> forbidden_roles;  ///< by account: what STS says
  /// What the user answers, if anybody can be asked.
  std::optional<bool> answer;
  std::vector<std::string> questions;
  int assumed = 0;  ///< so many times a role was
  int calls = 0;    ///< of EC2 and STS

  TemporaryDirectory state;
  VirtualTime time;
  Interruption interruption;
  std::map<std::string, std::string, std::less<>> variables{
      {"AWS_REGION", "us-east-1"},
      {"AWS_ACCESS_KEY_ID", "AKIA111111111111"},
      {"AWS_SECRET_ACCESS_KEY", "SECRETKEY"},
      {"AWS_EC2_METADATA_DISABLED", "true"},
      {"AWS_CONFIG_FILE", "/nonexistent/config"},
      {"AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials"},
      {"XDG_STATE_HOME", (state.path() / "first").string()}};

 private:
  friend class ManyAccounts;
  struct Process;

  Task<void> run_later(Duration after, CommandResult& result, std::vector<std::string> arguments,
                       Process& process);

  bool run_into(CommandResult& result, std::vector<std::string> arguments);

  std::map<std::string, std::unique_ptr<sim::Simulator>> accounts_;
  /// The process ends before the first call of this action; empty: it does not.
  std::string kill_at_;
  int calls_to_kill_ = 1;  ///< before this one of them
  int runs_ = 0;
};

}  // namespace pitstop::test
