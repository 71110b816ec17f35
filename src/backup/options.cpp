#include "backup/options.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/value_named.hpp"

namespace pitstop {
namespace {

/// What comes after the deadline until the server runs: the start, tried again for a while.
/// An exchange of volumes is given up after five minutes, and then taken back.
constexpr Duration swap_allowance = std::chrono::minutes(15);

constexpr Duration start_allowance = std::chrono::minutes(10);

}  // namespace

std::string_view to_string(StartWhen start_when) {
  switch (start_when) {
    case StartWhen::progress:
      return "progress";
    case StartWhen::accepted:
      return "accepted";
    case StartWhen::completed:
      return "completed";
  }
  unreachable();
}

Result<StartWhen> parse_start_when(std::string_view text) {
  const auto known =
      value_named(text, {StartWhen::progress, StartWhen::accepted, StartWhen::completed});
  if (known) {
    return *known;
  }
  return fail(ErrorKind::usage, fmt::format("{} is not a gate", in_quotes(text)),
              "--start-when takes progress, accepted or completed");
}

std::string_view to_string(Method method) {
  switch (method) {
    case Method::snapshots:
      return "snapshots";
    case Method::image:
      return "image";
  }
  unreachable();
}

Result<Method> parse_method(std::string_view text) {
  if (const auto known = value_named(text, {Method::snapshots, Method::image})) {
    return *known;
  }
  return fail(ErrorKind::usage, fmt::format("{} is not a method", in_quotes(text)),
              "--method takes snapshots or image");
}

std::string_view to_string(Approach approach) {
  switch (approach) {
    case Approach::stop:
      return "stop";
    case Approach::online:
      return "online";
    case Approach::frozen:
      return "frozen";
    case Approach::unmounted:
      return "unmounted";
  }
  unreachable();
}

Duration longest_outage(const BackupOptions& options) {
  const bool leaves = options.standby || options.drain;
  return (leaves ? longest_leave : Duration{}) + options.stop_timeout + options.max_downtime +
         (options.swap ? swap_allowance : Duration{}) + start_allowance;
}

Duration longest_outage_of_all() {
  BackupOptions longest;
  longest.max_downtime = most_max_downtime;
  longest.stop_timeout = most_stop_timeout;
  longest.standby = longest.drain = true;
  longest.swap.emplace();
  return longest_outage(longest);
}

}  // namespace pitstop
