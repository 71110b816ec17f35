#include "sim/api/consistency.hpp"

#include "sim/scenario/scenario.hpp"

namespace pitstop::sim {

ConsistencyModel::ConsistencyModel(const Consistency& settings, std::uint64_t seed)
    : late_looks_(settings.late_looks), most_(settings.most), random_(seed) {}

Instant ConsistencyModel::look(Instant now) {
  if (late_looks_ <= 0 || random_.unit() >= late_looks_) {
    return now;
  }
  return now - std::chrono::duration_cast<Duration>(most_ * random_.unit());
}

}  // namespace pitstop::sim
