#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "sim/api/form.hpp"
#include "sim/cloud/model.hpp"

namespace pitstop::sim {

/// "Filter.1.Name=…&Filter.1.Value.1=…": a thing passes if one of its values matches one of these.
struct Filter {
  std::string name;
  /// "*" stands for any text, "?" for any character, "\" takes the next one as it is.
  std::vector<std::string> values;
};

/// FilterLimitExceeded beyond 50 filters or 200 values of one.
Answer<std::vector<Filter>> read_filters(FormReader& form);

std::unexpected<ApiError> unknown_filter(std::string_view name);

/// Whether a text matches what a filter asks for. Case sensitive.
bool matches(std::string_view pattern, std::string_view text);

/// Takes the values of a thing and remembers whether one of them was asked for.
class Match {
 public:
  explicit Match(const std::vector<std::string>& patterns) : patterns_(patterns) {}

  void offer(std::string_view value);
  void offer_boolean(bool value) { offer(value ? "true" : "false"); }
  void offer_number(std::int64_t value);
  void offer_time(WallTime value) { offer(rfc3339(value)); }

  bool found() const { return found_; }

 private:
  const std::vector<std::string>& patterns_;
  bool found_ = false;
};

/// One filter that a kind of thing has: its name, and what gives a thing's values of it.
template <class Thing>
struct FilterRow {
  std::string_view name;
  void (*offer)(const Thing&, Match&);
};

/// The filters of a call, looked up in the table of the things that it asks for. Things that have a
/// function tags() also have the filters "tag:KEY" and "tag-key".
template <class Thing>
class Filters {
 public:
  static Answer<Filters> look_up(std::vector<Filter> asked,
                                 std::span<const FilterRow<Thing>> table) {
    Filters filters;
    for (auto& filter : asked) {
      const auto row = std::ranges::find(table, filter.name, &FilterRow<Thing>::name);
      const bool known = row != table.end() || is_about_tags(filter.name);
      if (!known) {
        return unknown_filter(filter.name);
      }
      filters.chosen_.push_back({row != table.end() ? row->offer : nullptr, std::move(filter.name),
                                 std::move(filter.values)});
    }
    return filters;
  }

  /// What a filter asks for; null if it is not there.
  const std::vector<std::string>* values_of(std::string_view name) const {
    const auto found = std::ranges::find(chosen_, name, &Chosen::name);
    return found == chosen_.end() ? nullptr : &found->values;
  }

  bool pass(const Thing& thing) const {
    return std::ranges::all_of(chosen_, [&](const Chosen& filter) {
      Match match(filter.values);
      if (filter.offer != nullptr) {
        filter.offer(thing, match);
      } else {
        offer_tags(thing, filter.name, match);
      }
      return match.found();
    });
  }

 private:
  struct Chosen {
    void (*offer)(const Thing&, Match&);  ///< nothing: it is about tags
    std::string name;
    std::vector<std::string> values;
  };

  static constexpr bool has_tags = requires(const Thing& thing) { thing.tags(); };

  static bool is_about_tags(std::string_view name) {
    return has_tags && (name == "tag-key" || name.starts_with("tag:"));
  }

  static void offer_tags(const Thing& thing, std::string_view name, Match& match) {
    if constexpr (has_tags) {
      const Tags& tags = thing.tags();
      if (name == "tag-key") {
        for (const auto& [key, value] : tags) {
          match.offer(key);
        }
      } else if (const auto tag = tags.find(std::string(name.substr(4))); tag != tags.end()) {
        match.offer(tag->second);
      }
    }
  }

  std::vector<Chosen> chosen_;
};

}  // namespace pitstop::sim
