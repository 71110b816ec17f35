#pragma once

#include <algorithm>

#include "base/time.hpp"
#include "ec2/urgency.hpp"

namespace pitstop::ec2 {

/// How often to look, depending on how long one has waited: always the same small part of the wait
/// is lost to not looking, within bounds.
struct Tempo {
  Duration first;     ///< the first look comes that long after the wait has begun
  Duration shortest;  ///< between two looks
  Duration longest;
  int part;  ///< the interval is the time waited so far divided by this, within the bounds
  Urgency urgency = Urgency::watches;

  Duration interval(Duration waited) const { return std::clamp(waited / part, shortest, longest); }
};

/// While a server is down: four times a second for the first minute, then seldomer, as nobody
/// stands at the door of a wait that has lasted for minutes.
inline constexpr Tempo while_down{Milliseconds(250), Milliseconds(250), Seconds(2), 240};

/// While snapshots finish and nobody waits for them.
inline constexpr Tempo while_following{Seconds(5), Seconds(5), Seconds(30), 20, Urgency::follows};

}  // namespace pitstop::ec2
