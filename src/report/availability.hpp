#pragma once

#include <string>

#include "base/time.hpp"

namespace pitstop {

/// How much of a time something was up; exact to the millisecond.
class Availability {
 public:
  /// A downtime of more than the whole period counts as all of it.
  Availability(Duration downtime, Duration period);

  Duration downtime() const { return downtime_; }

  /// 1 is always.
  double fraction() const;

  /// 2 from 99 % on, 3 from 99.9 % on; at most 9.
  int nines() const;

  /// "99.87 %". Cut, not rounded: it is never better than it was.
  std::string percent() const;

 private:
  Milliseconds downtime_;
  Milliseconds period_;
};

}  // namespace pitstop
