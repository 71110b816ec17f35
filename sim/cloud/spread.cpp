#include "sim/cloud/spread.hpp"

namespace pitstop::sim {

Duration Spread::draw(Random& random) const {
  const double luck = random.unit() * 2 - 1;
  const double part = luck < 0 ? luck : luck * luck * luck;
  const Duration reach = luck < 0 ? usual - least : most - usual;
  return usual + std::chrono::duration_cast<Duration>(reach * part);
}

}  // namespace pitstop::sim
