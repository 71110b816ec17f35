#include "sim/api/filters.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop::sim {
namespace {

constexpr std::size_t most_filters = 50;
constexpr std::size_t most_values = 200;

std::unexpected<ApiError> too_many(std::string_view what, std::size_t most) {
  return refuse("FilterLimitExceeded", fmt::format("The maximum number of {} is {}", what, most));
}

/// Where an UTF-8 character ends that begins at `at`.
std::size_t after_character(std::string_view text, std::size_t at) {
  do {
    ++at;
  } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80);
  return at;
}

}  // namespace

Answer<std::vector<Filter>> read_filters(FormReader& form) {
  std::vector<Filter> filters;
  for (const auto& prefix : form.items("Filter")) {
    if (filters.size() == most_filters) {
      return too_many("filters", most_filters);
    }
    Filter filter{form.text(prefix + "Name"), form.list(prefix + "Value")};
    if (filter.name.empty()) {
      return unknown_filter("null");
    }
    if (filter.values.empty()) {
      return refuse("InvalidParameterValue",
                    fmt::format("The filter '{}' has no value", printable(filter.name)));
    }
    if (filter.values.size() > most_values) {
      return too_many("filter values", most_values);
    }
    filters.push_back(std::move(filter));
  }
  return filters;
}

std::unexpected<ApiError> unknown_filter(std::string_view name) {
  return refuse("InvalidParameterValue",
                fmt::format("The filter '{}' is invalid", printable(name)));
}

// After a "*" that does not lead on, one character more is given to it and the rest tried again;
// earlier ones need not be touched.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  auto star = std::string_view::npos;
  std::size_t star_ends = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_ends = t;
      continue;
    }
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = after_character(text, t);
    } else if (p < pattern.size() && pattern[p + (escaped ? 1 : 0)] == text[t]) {
      p += escaped ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_ends;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

void Match::offer(std::string_view value) {
  found_ = found_ || std::ranges::any_of(patterns_, [value](const std::string& pattern) {
             return matches(pattern, value);
           });
}

void Match::offer_number(std::int64_t value) {
  offer(fmt::format_int(value).c_str());
}

}  // namespace pitstop::sim
