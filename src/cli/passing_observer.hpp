#pragma once

#include "backup/observer.hpp"

namespace pitstop {

/// Passes on what it sees; whoever derives from it takes note of something on the way.
class PassingObserver : public Observer {
 public:
  explicit PassingObserver(Observer& next) : next_(next) {}

  void saw(const Event& event) override { next_.saw(event); }
  void saw_progress(const InstanceId& instance,
                    const std::vector<SnapshotOutcome>& snapshots) override {
    next_.saw_progress(instance, snapshots);
  }
  bool wants_progress() const override { return next_.wants_progress(); }

 private:
  Observer& next_;
};

}  // namespace pitstop
