#pragma once

#include <deque>
#include <optional>

#include "base/time.hpp"

namespace pitstop {

/// How many servers a minute get through, of late: in the last five minutes, or, where that is
/// longer, since ten of them ago.
class Throughput {
 public:
  /// One has got through.
  void count(Instant now);

  /// Nothing while too few have come to tell.
  std::optional<double> a_minute(Instant now) const;

 private:
  std::deque<Instant> recent_;
};

}  // namespace pitstop
