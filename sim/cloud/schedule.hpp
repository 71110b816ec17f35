#pragma once

#include <functional>
#include <map>
#include <optional>

#include "base/time.hpp"

namespace pitstop::sim {

/// What will happen by itself, and the cloud's own time: it stands still between two advances, and
/// is exact while something happens.
class Schedule {
 public:
  /// Begins at `begin`, when the time of day is `wall`.
  Schedule(Instant begin, WallTime wall) : begin_(begin), wall_(wall), now_(begin) {}

  Instant now() const { return now_; }

  /// The time of day at an instant.
  WallTime wall(Instant when) const {
    return wall_ + std::chrono::floor<Milliseconds>(when - begin_);
  }

  /// What is planned for the same instant happens in the order in which it was planned.
  void at(Instant when, std::function<void()> happening);
  void after(Duration length, std::function<void()> happening) {
    at(now_ + length, std::move(happening));
  }

  /// Lets everything happen that is due by then. Time never goes back.
  void advance(Instant until);

  /// When the next thing is due; nothing if nothing is planned.
  std::optional<Instant> next() const;

 private:
  Instant begin_;
  WallTime wall_;
  Instant now_;
  std::multimap<Instant, std::function<void()>> planned_;
};

}  // namespace pitstop::sim
