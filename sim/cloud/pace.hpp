#pragma once

#include "sim/cloud/spread.hpp"

namespace pitstop::sim {

/// How long a server's transitions take.
struct ServerPace {
  /// From the request to stop until the guest has shut down by itself.
  Spread shutdown{Seconds(4), Seconds(15), Seconds(60)};
  /// The part of the shutdowns that never end by themselves.
  double hung_shutdowns = 0;
  /// EC2 cuts the power of a guest that has not shut down by then ("a few minutes", EC2 User
  /// Guide).
  Duration power_cut_after = std::chrono::minutes(4);
  /// From the guest's rest until EC2 shows `stopped`.
  Spread release{Seconds(1), Seconds(3), Seconds(10)};
  /// From an accepted start until EC2 shows `running`.
  Spread boot{Seconds(4), Seconds(12), Seconds(40)};
  /// From an accepted start until it falls back to `stopped`, where it does.
  Spread fall_back{Seconds(2), Seconds(4), Seconds(10)};
};

/// How a volume is copied into a snapshot. AWS promises nothing here: it has low priority.
struct SnapshotPace {
  /// From its turn until the first block is copied.
  Spread lag{Seconds(2), Seconds(8), Seconds(60)};
  double mib_per_second = 60;
  /// Progress is shown in steps of that many percent, from 1.
  int step = 5;
  /// The part of the snapshots whose progress goes from 0 straight to 100 (as observed, see
  /// aws-sdk-ruby#978).
  double jumping = 0.1;
  /// The progress is an empty text for so long, then "0%".
  Spread silence{Seconds(0), Seconds(1), Seconds(8)};
  /// The part of the snapshots that end in `error`.
  double failing = 0;
};

}  // namespace pitstop::sim
