#pragma once

#include <set>
#include <vector>

#include "cli/passing_observer.hpp"

namespace pitstop {

/// Keeps the list of the servers that are down, for whoever must say so when the process ends
/// early. Passes on what it sees.
class DownList final : public PassingObserver {
 public:
  DownList(Observer& next, std::vector<InstanceId>& down) : PassingObserver(next), down_(down) {}

  void saw(const Event& event) override;

 private:
  void add(const InstanceId& instance);
  void remove(const InstanceId& instance);

  std::vector<InstanceId>& down_;
  /// Those for which a start was asked and has not succeeded yet.
  std::set<InstanceId> starting_;
};

}  // namespace pitstop
