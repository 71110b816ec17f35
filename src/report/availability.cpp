#include "report/availability.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pitstop {

namespace {

constexpr int most_nines = 9;
constexpr int fewest_decimals = 2;

}  // namespace

Availability::Availability(Duration downtime, Duration period)
    : downtime_(std::chrono::ceil<Milliseconds>(downtime)),
      period_(std::max(std::chrono::floor<Milliseconds>(period), Milliseconds(1))) {
  downtime_ = std::min(downtime_, period_);
}

double Availability::fraction() const {
  return 1 - static_cast<double>(downtime_.count()) / static_cast<double>(period_.count());
}

int Availability::nines() const {
  int nines = 0;
  for (auto at_most = period_ / 10; downtime_ <= at_most && nines < most_nines; at_most /= 10) {
    ++nines;
  }
  return nines;
}

std::string Availability::percent() const {
  if (downtime_ == Milliseconds(0)) {
    return "100 %";
  }
  // Long division: floating point would round 99.8999 to 99.90.
  auto rest = (period_ - downtime_) * 100;
  auto text = fmt::format("{}.", rest / period_);
  const int decimals = std::max(fewest_decimals, nines() - 1);
  for (int i = 0; i < decimals; ++i) {
    rest = rest % period_ * 10;
    text += std::to_string(rest / period_);
  }
  return text + " %";
}

}  // namespace pitstop
