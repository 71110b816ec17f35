#pragma once

#include <vector>

#include "backup/observer.hpp"
#include "base/contains.hpp"

namespace pitstop {

/// Keeps the list of the servers that are down, for whoever must say so when the process ends
/// early. Passes on what it sees.
class DownList final : public Observer {
 public:
  DownList(Observer& next, std::vector<InstanceId>& down) : next_(next), down_(down) {}

  void saw(const Event& event) override {
    if (event.step == Step::running || event.step == Step::finished) {
      std::erase(down_, event.instance);
    }
    const bool goes_down =
        event.step == Step::stop_requested || event.step == Step::start_requested;
    if (goes_down && !contains(down_, event.instance)) {
      down_.push_back(event.instance);
    }
    next_.saw(event);
  }

  void saw_progress(const InstanceId& instance,
                    const std::vector<SnapshotOutcome>& snapshots) override {
    next_.saw_progress(instance, snapshots);
  }

  bool wants_progress() const override { return next_.wants_progress(); }

 private:
  Observer& next_;
  std::vector<InstanceId>& down_;
};

}  // namespace pitstop
