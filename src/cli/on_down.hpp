#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cli/passing_observer.hpp"
#include "cli/surroundings.hpp"

namespace pitstop {

/// What --on-down names, in words; an error of kind `usage` if it cannot be run.
Result<std::vector<std::string>> parse_on_down(const std::string& text,
                                               const Environment& environment);

/// Calls an operator: runs a command with each alarm, with the event of a server that has come back
/// after an alarm, and when pitstop is told to end while servers are down. The command gets the
/// event as a line of JSON. Passes on what it sees. Where there are several, each tells of its own
/// servers, and the one that was made last goes first.
class OnDown final : public PassingObserver {
 public:
  /// Without a command it does nothing. The `surroundings` outlive it.
  OnDown(Observer& next, std::vector<std::string> command, Surroundings& surroundings);
  ~OnDown() override;
  OnDown(const OnDown&) = delete;
  OnDown& operator=(const OnDown&) = delete;

  void saw(const Event& event) override;

 private:
  void call(const Event& event);
  void say_who_is_left_down();

  std::vector<std::string> command_;
  Surroundings& surroundings_;
  std::set<InstanceId> seen_;
  std::set<InstanceId> alarmed_;
  std::function<void()> previous_;  ///< what was to be done at an early end before
};

}  // namespace pitstop
