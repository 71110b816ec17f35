#include "schedule/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr minutes a_day = days(1);
constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};

std::optional<std::size_t> parse_day(std::string_view text) {
  const auto* found = std::ranges::find(day_names, lower_case(text));
  return found == day_names.end() ? std::nullopt
                                  : std::optional<std::size_t>(found - day_names.begin());
}

/// "Sun" or "Fri-Mon".
bool add_days(std::string_view text, std::bitset<7>& days) {
  const auto ends = split(text, '-');
  const auto first = parse_day(ends.front());
  const auto last = parse_day(ends.back());
  if (!first || !last || ends.size() > 2) {
    return false;
  }
  days.set(*last);
  for (auto day = *first; day != *last; day = (day + 1) % days.size()) {
    days.set(day);
  }
  return true;
}

/// "02:30"; 24:00 is the end of the day.
std::optional<minutes> parse_time_of_day(std::string_view text) {
  const auto parts = split(text, ':');
  const bool has_form = parts.size() == 2 && parts[0].size() == 2 && parts[1].size() == 2;
  const auto hour = has_form ? whole_number(parts[0]) : std::nullopt;
  const auto minute = has_form ? whole_number(parts[1]) : std::nullopt;
  if (!hour || !minute || *hour < 0 || *minute < 0 || *minute > 59) {
    return std::nullopt;
  }
  const minutes time = std::chrono::hours(*hour) + minutes(*minute);
  return time > a_day ? std::nullopt : std::optional(time);
}

std::optional<Window> read_window(std::string_view text) {
  const auto words = split(trimmed(text), ' ');
  Window window;
  if (words.size() == 1) {
    window.days.set();
  } else if (words.size() != 2 || !std::ranges::all_of(split(words[0], ','), [&](auto part) {
               return add_days(part, window.days);
             })) {
    return std::nullopt;
  }
  const auto times = split(words.back(), '-');
  const auto opens = parse_time_of_day(times.front());
  const auto closes = parse_time_of_day(times.back());
  if (times.size() != 2 || !opens || !closes || *opens == *closes || *opens == a_day) {
    return std::nullopt;
  }
  window.opens = *opens;
  window.closes = *closes + (*closes < *opens ? a_day : minutes(0));
  return window;
}

std::string time_of_day(minutes time) {
  const auto shown = time > a_day ? time - a_day : time;
  return fmt::format("{:02}:{:02}", shown.count() / 60, shown.count() % 60);
}

Opening opening_on(local_days day, const Window& window, const TimeZone& zone) {
  const LocalTime on_the_clock = day + window.opens;
  const auto opens = zone.first(on_the_clock);
  auto closes = zone.last(day + window.closes);
  if (closes <= opens) {
    closes = opens + (window.closes - window.opens);
  }
  return {.on_the_clock = on_the_clock, .opens = opens, .closes = closes};
}

/// From the day before a time on, for none that is earlier can be open still.
std::vector<Opening> openings_from(WallTime time, days how_long, const Window& window,
                                   const TimeZone& zone) {
  const auto today = std::chrono::floor<days>(zone.local(time));
  std::vector<Opening> openings;
  for (auto day = today - days(1); day <= today + how_long; day += days(1)) {
    if (window.days.test(std::chrono::weekday(day).c_encoding())) {
      openings.push_back(opening_on(day, window, zone));
    }
  }
  return openings;
}

}  // namespace

Result<Window> parse_window(std::string_view text) {
  const auto window = read_window(text);
  if (!window) {
    return fail(ErrorKind::usage, fmt::format("{} is not a window", in_quotes(text)),
                R"(such as "Sun 02:00-05:00", "Mon-Fri 22:00-04:00" or "00:00-24:00")");
  }
  return *window;
}

std::string to_string(const Window& window) {
  std::string text;
  for (std::size_t day = 0; day < window.days.size() && !window.days.all(); ++day) {
    if (window.days.test(day)) {
      const auto name = std::string(day_names[day]);
      text += fmt::format("{}{}{}", text.empty() ? "" : ",",
                          static_cast<char>(name.front() - 'a' + 'A'), name.substr(1));
    }
  }
  return fmt::format("{}{}{}-{}", text, text.empty() ? "" : " ", time_of_day(window.opens),
                     time_of_day(window.closes));
}

std::optional<Opening> opening_at(const std::vector<Window>& windows, const TimeZone& zone,
                                  WallTime time) {
  std::optional<Opening> found;
  for (const auto& window : windows) {
    for (const auto& opening : openings_from(time, days(0), window, zone)) {
      const bool is_in_it = opening.opens <= time && time < opening.closes;
      if (is_in_it && (!found || opening.closes > found->closes)) {
        found = opening;
      }
    }
  }
  return found;
}

Opening opening_after(const std::vector<Window>& windows, const TimeZone& zone, WallTime time) {
  std::optional<Opening> found;
  for (const auto& window : windows) {
    for (const auto& opening : openings_from(time, days(8), window, zone)) {
      if (opening.opens > time && (!found || opening.opens < found->opens)) {
        found = opening;
      }
    }
  }
  CHECK(found.has_value());
  return *found;
}

}  // namespace pitstop
