#include "cloud_bench.hpp"

namespace pitstop::test {

sim::ServerPace round_server_pace() {
  sim::ServerPace pace;
  pace.shutdown = sim::always(Seconds(10));
  pace.release = sim::always(Seconds(1));
  pace.boot = sim::always(Seconds(20));
  pace.fall_back = sim::always(Seconds(3));
  pace.power_cut_after = Seconds(240);
  return pace;
}

sim::SnapshotPace round_snapshot_pace() {
  sim::SnapshotPace pace;
  pace.lag = sim::always(Seconds(10));
  pace.silence = sim::always(Seconds(2));
  pace.mib_per_second = 100;
  pace.step = 10;
  pace.jumping = 0;
  return pace;
}

InstanceId CloudBench::launch() {
  sim::Launch launch;
  launch.settings.zone = "us-east-1a";
  launch.pace = round_server_pace();
  for (const auto* device : {"/dev/xvda", "/dev/sdf"}) {
    sim::PlannedVolume volume;
    volume.device = device;
    volume.used_bytes = std::uint64_t{2000} << 20;
    volume.mib_per_second_written = 1;
    volume.snapshot_pace = round_snapshot_pace();
    launch.volumes.push_back(volume);
  }
  return *launch_instance(region, std::move(launch));
}

}  // namespace pitstop::test
