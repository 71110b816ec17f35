#pragma once

#include "base/random.hpp"
#include "base/time.hpp"

namespace pitstop::sim {

/// A length of time that chance decides: half of the draws lie between `least` and `usual`, the
/// other half above, rarely near `most`.
struct Spread {
  Duration least{};
  Duration usual{};
  Duration most{};

  Duration draw(Random& random) const;
};

/// Always the same length.
constexpr Spread always(Duration length) {
  return {length, length, length};
}

}  // namespace pitstop::sim
