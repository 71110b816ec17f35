#pragma once

#include <set>
#include <vector>

#include "backup/observer.hpp"

namespace pitstop {

/// Keeps the list of the servers that are down, for whoever must say so when the process ends
/// early. Passes on what it sees.
class DownList final : public Observer {
 public:
  DownList(Observer& next, std::vector<InstanceId>& down) : next_(next), down_(down) {}

  void saw(const Event& event) override;
  void saw_progress(const InstanceId& instance,
                    const std::vector<SnapshotOutcome>& snapshots) override {
    next_.saw_progress(instance, snapshots);
  }
  bool wants_progress() const override { return next_.wants_progress(); }

 private:
  void add(const InstanceId& instance);
  void remove(const InstanceId& instance);

  Observer& next_;
  std::vector<InstanceId>& down_;
  /// Those for which a start was asked and has not succeeded yet.
  std::set<InstanceId> starting_;
};

}  // namespace pitstop
