#pragma once

#include "base/random.hpp"
#include "base/time.hpp"

namespace pitstop::sim {

struct Consistency;

/// EC2's describing calls may see the past: what was made a moment ago is not found, what has
/// changed shows as it was. Not even two looks in a row are in order.
class ConsistencyModel {
 public:
  ConsistencyModel(const Consistency& settings, std::uint64_t seed);

  /// The moment that a look at `now` sees.
  Instant look(Instant now);

 private:
  double late_looks_;
  Duration most_;
  SeededRandom random_;
};

}  // namespace pitstop::sim
