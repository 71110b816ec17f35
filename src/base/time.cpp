#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace pitstop {

namespace {

/// The places of a text, from `last` to the left.
void put_digits(std::string& text, std::size_t last, std::size_t digits, std::int64_t number) {
  for (; digits > 0; --digits, --last, number /= 10) {
    text[last] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

std::string rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<Milliseconds> clock(time - day);
  std::string text = "0000-00-00T00:00:00.000Z";
  put_digits(text, 3, 4, static_cast<int>(date.year()));
  put_digits(text, 6, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 9, 2, static_cast<unsigned>(date.day()));
  put_digits(text, 12, 2, clock.hours().count());
  put_digits(text, 15, 2, clock.minutes().count());
  put_digits(text, 18, 2, clock.seconds().count());
  put_digits(text, 22, 3, clock.subseconds().count());
  return text;
}

namespace {

/// Takes a number of exactly `digits` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) {
    return std::nullopt;
  }
  const char* end = text.data() + digits;
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number < 0) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

/// Takes ".123456" off the front of `text`, to the millisecond; zero if there is no fraction.
std::optional<Milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) {
    return Milliseconds(0);
  }
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) {
    return std::nullopt;
  }
  std::string three(text.substr(0, std::min<std::size_t>(digits, 3)));
  three.resize(3, '0');
  text.remove_prefix(digits);
  return Milliseconds(std::stoi(three));
}

}  // namespace

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) {
    return std::nullopt;
  }
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) {
    return std::nullopt;
  }
  const auto day = take_number(text, 2);
  if (!day || !take(text, 'T')) {
    return std::nullopt;
  }
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) {
    return std::nullopt;
  }
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ':')) {
    return std::nullopt;
  }
  const auto second = take_number(text, 2);
  const auto fraction = take_fraction(text);
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!second || !fraction || text != "Z" || !date.ok() || *hour > 23 || *minute > 59 ||
      *second > 60) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         Seconds(*second) + *fraction;
}

std::string human(Duration duration) {
  using namespace std::chrono;
  if (duration < Duration::zero()) {
    return "-" + human(-duration);
  }
  if (duration < 59'950ms) {
    return fmt::format("{:.1f}s", seconds(duration));
  }
  const auto whole = round<Seconds>(duration);
  if (whole < hours(1)) {
    return fmt::format("{}m {:02}s", whole / minutes(1), (whole % minutes(1)).count());
  }
  return fmt::format("{}h {:02}m", whole / hours(1), whole % hours(1) / minutes(1));
}

namespace {

struct Unit {
  std::string_view name;
  Duration length;
};

// Longer names first, so that "ms" is not read as "m".
constexpr std::array units = {
    Unit{"ms", Milliseconds(1)},        Unit{"s", Seconds(1)},
    Unit{"m", std::chrono::minutes(1)}, Unit{"h", std::chrono::hours(1)},
    Unit{"d", std::chrono::days(1)},    Unit{"w", std::chrono::weeks(1)},
};

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  constexpr auto longest = std::chrono::days(3650);
  const auto bad = [text] {
    return fail(ErrorKind::usage, fmt::format("{} is not a duration", in_quotes(text)),
                "write a number and its unit, such as 90s, 30m, 1h30m or 7d");
  };
  Duration sum{};
  std::string_view rest = text;
  if (rest.empty()) {
    return bad();
  }
  while (!rest.empty()) {
    unsigned number = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (read.ec != std::errc{}) {
      return bad();
    }
    rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
    const auto* unit = std::ranges::find_if(
        units, [rest](const Unit& candidate) { return rest.starts_with(candidate.name); });
    if (unit == units.end() || number > longest / unit->length) {
      return bad();
    }
    rest.remove_prefix(unit->name.size());
    sum += number * unit->length;
    if (sum > longest) {
      return bad();
    }
  }
  return sum;
}

}  // namespace pitstop
