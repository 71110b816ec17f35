#include "sim/scenario/pace_sections.hpp"

namespace pitstop::sim::scenario_file {

Section<ServerPace> server_pace_section() {
  return {.keys = {
              {"shutdown", into(&ServerPace::shutdown, spread())},
              {"hung_shutdowns", into(&ServerPace::hung_shutdowns, part())},
              {"power_cut_after", into(&ServerPace::power_cut_after, duration())},
              {"release", into(&ServerPace::release, spread())},
              {"boot", into(&ServerPace::boot, spread())},
              {"fall_back", into(&ServerPace::fall_back, spread())},
          }};
}

Section<SnapshotPace> snapshot_pace_section() {
  return {.keys = {
              {"lag", into(&SnapshotPace::lag, spread())},
              {"mib_per_second", into(&SnapshotPace::mib_per_second, number("MiB", 0.1, 1e6))},
              {"step", into(&SnapshotPace::step, whole("percent", 1, 99))},
              {"jumping", into(&SnapshotPace::jumping, part())},
              {"silence", into(&SnapshotPace::silence, spread())},
              {"failing", into(&SnapshotPace::failing, part())},
          }};
}

}  // namespace pitstop::sim::scenario_file
