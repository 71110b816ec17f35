#include "cli/point_in_time.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop {
namespace {

/// RFC 3339 with "Z", or with an offset such as "+02:00".
std::optional<WallTime> parse_time(std::string_view text) {
  constexpr std::size_t offset_size = 6;
  if (text.size() <= offset_size || text.ends_with('Z')) {
    return parse_rfc3339(text);
  }
  const auto offset = text.substr(text.size() - offset_size);
  const auto local = parse_rfc3339(std::string(text.substr(0, text.size() - offset_size)) + 'Z');
  // An offset has the form of a time of day.
  const auto behind = parse_rfc3339(fmt::format("1970-01-01T{}:00Z", offset.substr(1)));
  if (!local || !behind || (offset.front() != '+' && offset.front() != '-')) {
    return std::nullopt;
  }
  const auto east = behind->time_since_epoch();
  return offset.front() == '+' ? *local - east : *local + east;
}

}  // namespace

Result<WallTime> parse_point_in_time(std::string_view text, WallTime now) {
  if (const auto date = parse_rfc3339(std::string(text) + "T00:00:00Z")) {
    return *date;
  }
  if (const auto time = parse_time(text)) {
    return *time;
  }
  if (const auto age = parse_duration(text)) {
    return now - std::chrono::floor<Milliseconds>(*age);
  }
  return fail(ErrorKind::usage, fmt::format("{} is not a date, a time or an age", in_quotes(text)),
              "write a date such as 2026-11-01, a time such as 2026-11-01T06:30:00Z, or how long "
              "ago, such as 90d");
}

Result<std::optional<WallTime>> parse_point_in_time(std::string_view option,
                                                    const std::optional<std::string>& text,
                                                    WallTime now) {
  if (!text) {
    return std::nullopt;
  }
  auto time = parse_point_in_time(*text, now);
  if (!time) {
    return fail(within(option, std::move(time).error()));
  }
  return *time;
}

}  // namespace pitstop
