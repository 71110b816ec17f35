#pragma once

#include <algorithm>

#include "base/time.hpp"

namespace pitstop {

/// When to call for help, and when to call again: seldomer the longer it lasts, and at least once
/// an hour.
class Alarm {
 public:
  explicit Alarm(Duration first) : next_(first) {}

  /// Whether it is to be given when something has lasted for so long. Says yes once for each time
  /// that it is due.
  bool rings(Duration lasted) {
    if (lasted < next_) {
      return false;
    }
    while (next_ <= lasted) {
      next_ += std::min<Duration>(next_ * 2, std::chrono::hours(1));
    }
    return true;
  }

  /// How long it will have lasted when the next one is due.
  Duration next() const { return next_; }

 private:
  Duration next_;
};

}  // namespace pitstop
