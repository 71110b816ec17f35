#include "report/fleet_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace pitstop {
namespace {

/// "60 servers: 12 done, 25 under way, 22 waiting, 1 failed".
std::string totals_text(const FleetTotals& totals) {
  std::vector<std::string> parts{fmt::format("{} done", totals.count(BoardStage::done))};
  const auto add = [&](BoardStage stage, const char* name) {
    if (const auto count = totals.count(stage); count > 0) {
      parts.push_back(fmt::format("{} {}", count, name));
    }
  };
  add(BoardStage::under_way, "under way");
  add(BoardStage::waiting, "waiting");
  add(BoardStage::failed, "failed");
  add(BoardStage::refused, "refused");
  return fmt::format("{} servers: {}", totals.servers(), join(parts, ", "));
}

/// "DOWN: 5 of 60, longest 12.0s; worst so far 1m 20s: web-1 (i-0abc…)".
std::string outages_text(const FleetTotals& totals, std::optional<Duration> longest) {
  const auto& past = totals.worst();
  const auto worst =
      past ? fmt::format("worst so far {}: {}", human(past->length), past->title) : "";
  if (!longest) {
    return past ? "none is down; " + worst : "";
  }
  const auto down =
      fmt::format("DOWN: {} of {}, longest {}", totals.down(), totals.servers(), human(*longest));
  if (!past) {
    return down;
  }
  return down + (past->length > *longest ? "; " + worst : ", the worst so far");
}

std::string rate_text(double a_minute) {
  if (a_minute < 1) {
    const std::chrono::duration<double, std::ratio<60>> between(1 / a_minute);
    return fmt::format("a server every {}", human(std::chrono::round<Seconds>(between)));
  }
  return fmt::format("{:.{}f} servers a minute", a_minute, a_minute < 10 ? 1 : 0);
}

/// An estimate is not told to the second.
std::string about(double minutes) {
  constexpr double too_many_minutes = 100;
  if (minutes < 1) {
    return "less than a minute";
  }
  return minutes < too_many_minutes ? fmt::format("about {:.0f} min", minutes)
                                    : fmt::format("about {:.1f} h", minutes / 60);
}

std::string speed_text(const FleetTotals& totals, Instant now) {
  const auto left = totals.servers() - totals.through();
  const auto copying = totals.count(BoardStage::under_way);
  if (left == 0) {
    return copying == 0 ? ""
                        : fmt::format("{}{} still copying",
                                      totals.down() == 0 ? "all are up, " : "", copying);
  }
  const auto a_minute = totals.throughput().a_minute(now);
  if (!a_minute) {
    return "";
  }
  if (left <= totals.down()) {
    return rate_text(*a_minute);  // when the last ones come up has nothing to do with it
  }
  return fmt::format("{}, {} to go", rate_text(*a_minute),
                     about(static_cast<double>(left) / *a_minute));
}

/// One of each action, those for which most wait first.
std::vector<ec2::Congestion> by_action(const std::vector<ec2::Congestion>& congestion) {
  std::vector<ec2::Congestion> sums;
  for (const auto& one : congestion) {
    const auto known = std::ranges::find(sums, one.action, &ec2::Congestion::action);
    if (known == sums.end()) {
      sums.push_back(one);
    } else {
      known->waiting += one.waiting;
      known->throttled |= one.throttled;
    }
  }
  std::ranges::sort(sums, [](const auto& one, const auto& other) {
    return std::tie(other.waiting, one.action) < std::tie(one.waiting, other.action);
  });
  return sums;
}

/// "EC2 allows no faster: StartInstances (12 wait)".
std::string congestion_text(const std::vector<ec2::Congestion>& congestion) {
  std::vector<std::string> actions;
  for (const auto& [action, waiting, throttled] : by_action(congestion)) {
    std::vector<std::string> words;
    if (waiting > 0) {
      words.push_back(fmt::format("{} wait{}", waiting, waiting == 1 ? "s" : ""));
    }
    if (throttled) {
      words.emplace_back("throttled");
    }
    actions.push_back(fmt::format("{} ({})", action, join(words, ", ")));
  }
  return actions.empty() ? "" : "EC2 allows no faster: " + join(actions, ", ");
}

}  // namespace

std::vector<BoardLine> fleet_header(const FleetTotals& totals, std::optional<Duration> longest,
                                    const std::vector<ec2::Congestion>& congestion, Instant now) {
  std::vector<BoardLine> lines{{totals_text(totals), false},
                               {outages_text(totals, longest), longest.has_value()},
                               {speed_text(totals, now), false},
                               {congestion_text(congestion), false}};
  std::erase_if(lines, [](const BoardLine& line) { return line.text.empty(); });
  return lines;
}

}  // namespace pitstop
