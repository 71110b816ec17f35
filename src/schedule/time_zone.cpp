#include "schedule/time_zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop {
namespace {

date::local_time<Milliseconds> for_the_library(LocalTime local) {
  return date::local_time<Milliseconds>(local.time_since_epoch());
}

}  // namespace

Result<TimeZone> TimeZone::named(const std::string& name) {
  if (name == "UTC") {
    return TimeZone();
  }
  try {
    return TimeZone(name, date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return fail(ErrorKind::usage, fmt::format("there is no time zone {}", in_quotes(name)),
                "such as \"Europe/Berlin\" or \"UTC\"; timedatectl list-timezones lists them, and "
                "the package tzdata has them");
  }
}

LocalTime TimeZone::local(WallTime time) const {
  const auto local = zone_ == nullptr ? date::local_time<Milliseconds>(time.time_since_epoch())
                                      : zone_->to_local(time);
  return LocalTime(local.time_since_epoch());
}

WallTime TimeZone::first(LocalTime local) const {
  return zone_ == nullptr ? WallTime(local.time_since_epoch())
                          : zone_->to_sys(for_the_library(local), date::choose::earliest);
}

WallTime TimeZone::last(LocalTime local) const {
  return zone_ == nullptr ? WallTime(local.time_since_epoch())
                          : zone_->to_sys(for_the_library(local), date::choose::latest);
}

std::string TimeZone::show(WallTime time) const {
  const auto shown = date::format("%a %F %R", for_the_library(local(time)));
  return fmt::format("{} {}", shown, zone_ == nullptr ? name_ : zone_->get_info(time).abbrev);
}

}  // namespace pitstop
