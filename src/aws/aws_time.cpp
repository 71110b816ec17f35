#include "aws/aws_time.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace pitstop {

Milliseconds AwsTime::correction_by(const std::optional<Told>& told) const {
  if (!told) {
    return Milliseconds(0);
  }
  const auto there = told->date + std::chrono::floor<Milliseconds>(host_.now() - told->at);
  const auto correction = there - host_.wall();
  return std::chrono::abs(correction) < tolerated_difference ? Milliseconds(0) : correction;
}

void AwsTime::learn(const std::string& server, WallTime date) {
  // A Date has no fraction: on average it is half a second old when it is written.
  const Told told{date + Milliseconds(500), host_.now()};
  last_ = told;
  told_by_.insert_or_assign(server, told);
  const auto ahead = -correction_by(told);
  if (std::chrono::abs(ahead - reported_) < tolerated_difference) {
    return;
  }
  reported_ = ahead;
  if (ahead == Milliseconds(0)) {
    log::warning("this host's clock agrees with AWS's again");
  } else {
    log::warning("this host's clock is {}; calls are dated by AWS's", as_difference(ahead));
  }
}

Milliseconds AwsTime::correction(const std::string& server) const {
  const auto told = told_by_.find(server);
  return correction_by(told == told_by_.end() ? last_ : std::optional(told->second));
}

std::optional<Duration> AwsTime::difference() const {
  const auto correction = correction_by(last_);
  return correction == Milliseconds(0) ? std::nullopt : std::optional<Duration>(-correction);
}

std::string as_difference(Duration ahead) {
  return ahead < Duration::zero() ? fmt::format("{} behind AWS's", human(-ahead))
                                  : fmt::format("{} ahead of AWS's", human(ahead));
}

}  // namespace pitstop
