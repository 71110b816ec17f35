#include "prune/keep_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using Good = std::vector<const BackupSet*>;
using Reasons = std::vector<std::vector<std::string>>;

std::chrono::local_days day_of(LocalTime time) {
  return std::chrono::floor<std::chrono::days>(time);
}

std::chrono::year_month_day date_of(LocalTime time) {
  return std::chrono::year_month_day(day_of(time));
}

std::string day_label(LocalTime time) {
  const auto date = date_of(time);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string hour_label(LocalTime time) {
  const auto hour = std::chrono::floor<std::chrono::hours>(time - day_of(time));
  return fmt::format("{} {:02}:00", day_label(time), hour.count());
}

/// A week belongs to the year that its Thursday is in (ISO 8601).
std::string week_label(LocalTime time) {
  const auto day = day_of(time);
  const auto since_monday = std::chrono::weekday(day) - std::chrono::Monday;
  const auto thursday = day - since_monday + std::chrono::days(3);
  const auto year = std::chrono::year_month_day(thursday).year();
  const auto first = std::chrono::local_days(year / std::chrono::January / 1);
  constexpr int days_a_week = 7;
  return fmt::format("{:04}-W{:02}", static_cast<int>(year),
                     (thursday - first).count() / days_a_week + 1);
}

std::string month_label(LocalTime time) {
  const auto date = date_of(time);
  return fmt::format("{:04}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()));
}

std::string year_label(LocalTime time) {
  return fmt::format("{:04}", static_cast<int>(date_of(time).year()));
}

struct Period {
  std::string_view name;
  int KeepRules::* count;
  std::string (*label)(LocalTime);
};

constexpr std::array periods = {
    Period{"hourly", &KeepRules::hourly, hour_label},
    Period{"daily", &KeepRules::daily, day_label},
    Period{"weekly", &KeepRules::weekly, week_label},
    Period{"monthly", &KeepRules::monthly, month_label},
    Period{"yearly", &KeepRules::yearly, year_label},
};

void keep_last(const KeepRules& rules, Reasons& reasons) {
  const auto most = static_cast<std::size_t>(std::max(rules.last, 0));
  for (std::size_t i = 0; i < std::min(most, reasons.size()); ++i) {
    reasons[i].push_back(fmt::format("last {}", i + 1));
  }
}

void keep_by(const Period& period, const KeepRules& rules, const Good& good, Reasons& reasons) {
  int left = rules.*period.count;
  std::string before;
  for (std::size_t i = 0; i < good.size() && left > 0; ++i) {
    const auto label = period.label(rules.zone.local(good[i]->taken));
    const bool is_oldest = i + 1 == good.size();
    if (label != before) {
      reasons[i].push_back(fmt::format("{} {}", period.name, label));
      --left;
    } else if (is_oldest) {
      reasons[i].push_back(
          fmt::format("oldest (fewer than {} {})", rules.*period.count, period.name));
    }
    before = label;
  }
}

/// A time in the future is a mistake, by which everything else would be old.
WallTime newest_of(const Good& good, WallTime now) {
  const auto past =
      std::ranges::find_if(good, [&](const BackupSet* set) { return set->taken <= now; });
  return past == good.end() ? now : (*past)->taken;
}

void keep_within(Duration within, const Good& good, WallTime now, Reasons& reasons) {
  const auto newest = newest_of(good, now);
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (newest - good[i]->taken <= within) {
      reasons[i].push_back("within " + short_time(within));
    }
  }
}

/// Somebody may have put it on one of its snapshots only.
bool has_tag(const BackupSet& set, const ec2::Tag& tag) {
  const auto is_tag = [&](const ec2::Tag& other) {
    return other.key == tag.key && other.value == tag.value;
  };
  return std::ranges::any_of(set.tags, is_tag) ||
         std::ranges::any_of(set.snapshots, [&](const SetSnapshot& snapshot) {
           return std::ranges::any_of(snapshot.volume_tags, is_tag);
         });
}

}  // namespace

bool KeepRules::empty() const {
  const bool counts = last > 0 || std::ranges::any_of(periods, [&](const Period& period) {
                        return this->*period.count > 0;
                      });
  return !counts && !within && tags.empty();
}

std::vector<std::vector<std::string>> reasons_to_keep(const KeepRules& rules,
                                                      const std::vector<const BackupSet*>& good,
                                                      WallTime now) {
  Reasons reasons(good.size());
  if (good.empty()) {
    return reasons;
  }
  reasons.front().emplace_back("the newest good one");
  keep_last(rules, reasons);
  for (const auto& period : periods) {
    keep_by(period, rules, good, reasons);
  }
  if (rules.within) {
    keep_within(*rules.within, good, now, reasons);
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const auto& tag : rules.tags) {
      if (has_tag(*good[i], tag)) {
        reasons[i].push_back(fmt::format("tag {}={}", printable(tag.key), printable(tag.value)));
      }
    }
  }
  return reasons;
}

std::string short_time(Duration duration) {
  using std::chrono::days;
  using std::chrono::hours;
  if (duration % days(1) == Duration::zero()) {
    return fmt::format("{}d", duration / days(1));
  }
  if (duration % hours(1) == Duration::zero()) {
    return fmt::format("{}h", duration / hours(1));
  }
  return human(duration);
}

}  // namespace pitstop
