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
  unsigned number = 0;
  if (text.size() < digits) {
    return std::nullopt;
  }
  const char* end = text.data() + digits;
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return static_cast<int>(number);
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

/// Takes "Z", "+02:00" or "+0200", as AWS's services write one or the other.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z')) {
    return std::chrono::minutes(0);
  }
  const bool is_behind = text.starts_with('-');
  if (!take(text, '-') && !take(text, '+')) {
    return std::nullopt;
  }
  const auto hours = take_number(text, 2);
  (void)take(text, ':');
  const auto minutes = take_number(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return is_behind ? -offset : offset;
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
  const auto offset = take_offset(text);
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!second || !fraction || !offset || !text.empty() || !date.ok() || *hour > 23 ||
      *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         Seconds(*second) + *fraction - *offset;
}

namespace {

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string http_date(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto weekday = std::chrono::weekday(day).c_encoding();
  const auto month = static_cast<unsigned>(date.month());
  return fmt::format("{}, {:02} {} {:04} {} GMT", weekdays.at(weekday),
                     static_cast<unsigned>(date.day()), months.at(month - 1),
                     static_cast<int>(date.year()), rfc3339(time).substr(11, 8));
}

// The name of the day says nothing that the date does not.
std::optional<WallTime> parse_http_date(std::string_view text) {
  constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != form.size() || text.substr(3, 2) != ", " || text[7] != ' ' ||
      text[11] != ' ' || text[16] != ' ' || !text.ends_with(" GMT")) {
    return std::nullopt;
  }
  const auto* const month = std::ranges::find(months, text.substr(8, 3));
  return parse_rfc3339(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4),
                                   std::distance(months.begin(), month) + 1, text.substr(5, 2),
                                   text.substr(17, 8)));
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
