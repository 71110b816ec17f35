// Fast snapshot restore: what it takes, what it gives, and how it ends.

#include "ec2/fast_restores.hpp"

#include <fmt/format.h>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

using ec2::FastRestoreState;

Task<std::vector<ec2::FastRestore>> fast_restores_of(Subject& subject,
                                                     std::vector<SnapshotId> snapshots) {
  co_return needed("DescribeFastSnapshotRestores",
                   co_await ec2::describe_fast_restores(subject.caller, snapshots, zone));
}

std::string told(const std::vector<ec2::FastRestore>& all) {
  return all.empty()         ? "none"
         : all.front().state ? std::string(to_string(*all.front().state))
                             : "no state";
}

Task<ec2::Volume> volume_of(Subject& subject, SnapshotId snapshot) {
  ec2::VolumeRequest request;
  request.zone = zone;
  request.from = snapshot;
  request.type = "gp3";
  request.client_token = subject.new_token();
  const auto made =
      needed("CreateVolume", co_await ec2::create_volume(subject.caller, std::move(request)));
  co_return co_await until(subject, made, "available");
}

CONTRACT(RestoresFast) {
  const auto server = co_await launch(subject);
  const auto set = co_await complete_snapshots_of(subject, server.id);
  const auto ids = ids_of(set);
  for (int i = 0; i < 2; ++i) {
    const auto refused = needed("EnableFastSnapshotRestores",
                                co_await ec2::enable_fast_restores(subject.caller, ids, zone));
    subject.expect("fast snapshot restore is enabled as often as one likes", refused.empty(),
                   refused.empty() ? "" : refused.front().code);
  }
  auto seen = co_await fast_restores_of(subject, ids);
  subject.expect(
      "fast snapshot restore is not enabled at once",
      seen.size() == 1 && seen.front().is_on() && seen.front().state != FastRestoreState::enabled,
      told(seen));
  const Instant end = subject.clock.now() + std::chrono::hours(1);
  while (told(seen) != "enabled" && subject.clock.now() < end) {
    co_await subject.clock.sleep(Seconds(20));
    seen = co_await fast_restores_of(subject, ids);
  }
  subject.expect("fast snapshot restore is enabled in the end", told(seen) == "enabled",
                 told(seen));
  subject.expect("EC2 tells when a snapshot began to be optimized",
                 !seen.empty() && seen.front().optimizing_since.has_value(), told(seen));
  co_await subject.clock.sleep(std::chrono::minutes(6));
  const auto fast = co_await volume_of(subject, ids.front());
  subject.expect("a volume that finds a credit is restored fast", fast.fast_restored, "it is not");
  for (int i = 0; i < 2; ++i) {
    const auto refused = needed("DisableFastSnapshotRestores",
                                co_await ec2::disable_fast_restores(subject.caller, ids, zone));
    subject.expect("fast snapshot restore is disabled", refused.empty() || i > 0,
                   refused.empty() ? "" : refused.front().code);
  }
  seen = co_await fast_restores_of(subject, ids);
  subject.expect("fast snapshot restore is over when it is disabled",
                 seen.empty() || !seen.front().is_on(), told(seen));
  const auto slow = co_await volume_of(subject, ids.front());
  subject.expect("a volume that is made then is not restored fast", !slow.fast_restored, "it is");
}

CONTRACT(RestoresFastWhatThereIs) {
  const std::vector<SnapshotId> unknown{SnapshotId("snap-0123456789abcdef0")};
  const auto enabled = co_await ec2::enable_fast_restores(subject.caller, unknown, zone);
  subject.expect("an unknown snapshot is not restored fast", !enabled || !enabled->empty(),
                 "it was accepted");
  const auto seen = co_await fast_restores_of(subject, unknown);
  subject.expect("fast snapshot restore is not there for an unknown snapshot", seen.empty(),
                 told(seen));
}

}  // namespace
}  // namespace pitstop::test
