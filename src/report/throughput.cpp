#include "report/throughput.hpp"

#include <algorithm>

namespace pitstop {
namespace {

constexpr Duration recently = std::chrono::minutes(5);
constexpr std::size_t kept_in_any_case = 10;

/// With fewer, or in less time, chance decides.
constexpr std::ptrdiff_t fewest_to_tell = 4;
constexpr Duration shortest_to_tell = Seconds(10);

}  // namespace

void Throughput::count(Instant now) {
  recent_.push_back(now);
  while (recent_.size() > kept_in_any_case && recent_.front() < now - recently) {
    recent_.pop_front();
  }
}

std::optional<double> Throughput::a_minute(Instant now) const {
  const auto young = std::ranges::lower_bound(recent_, now - recently);
  const auto wanted = std::max<std::ptrdiff_t>(recent_.end() - young, kept_in_any_case);
  const auto came = std::min(wanted, std::ssize(recent_));
  const auto first = recent_.end() - came;
  if (came < fewest_to_tell || now - *first < shortest_to_tell) {
    return std::nullopt;
  }
  const std::chrono::duration<double, std::ratio<60>> minutes = now - *first;
  return static_cast<double>(came - 1) / minutes.count();  // from the first one on
}

}  // namespace pitstop
