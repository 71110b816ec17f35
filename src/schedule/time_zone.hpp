#pragma once

#include <string>

#include "base/time.hpp"

namespace date {
class time_zone;
}

namespace pitstop {

/// What a clock on the wall shows, wherever it hangs.
using LocalTime = std::chrono::local_time<Milliseconds>;

/// Where clocks on the wall show the same, as the system's time zone database has it.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;

  /// "Europe/Berlin". An error is of kind `usage`: there is no such zone, or no database.
  static Result<TimeZone> named(const std::string& name);

  /// What clocks show at that time.
  LocalTime local(WallTime time) const;

  /// When clocks show that for the first time. Where they are put forward over it, that is when it
  /// happens.
  WallTime first(LocalTime local) const;

  /// The same for the last time: where clocks are put back, they show an hour twice.
  WallTime last(LocalTime local) const;

  const std::string& name() const { return name_; }

  /// "Sun 2026-11-29 02:00 CET", for people.
  std::string show(WallTime time) const;

 private:
  TimeZone(std::string name, const date::time_zone* zone) : name_(std::move(name)), zone_(zone) {}

  std::string name_ = "UTC";
  const date::time_zone* zone_ = nullptr;  ///< null: UTC
};

}  // namespace pitstop
