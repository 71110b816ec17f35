#include "restore/new_volumes.hpp"

#include <fmt/format.h>

#include "backup/making_volumes.hpp"
#include "base/text.hpp"

namespace pitstop {

ec2::VolumeRequest volume_request(const PlannedVolume& volume, const RestorePlan& plan,
                                  const std::string& zone, int initialization_rate) {
  return {.zone = zone,
          .from = volume.snapshot,
          .type = volume.type,
          .iops = volume.iops,
          .throughput = volume.throughput,
          .initialization_rate =
              initialization_rate > 0 ? std::optional(initialization_rate) : std::nullopt,
          .multi_attach = volume.multi_attach,
          .tags = tags_of_volume(volume, plan),
          .client_token = fmt::format("{}-{}", plan.restore.str(), volume.snapshot.str())};
}

Task<Result<std::vector<RestoredVolume>>> make_volumes(RestoreTools tools, RestorePlan plan,
                                                       std::string zone, int initialization_rate) {
  std::vector<ec2::VolumeRequest> requests;
  for (const auto& volume : plan.volumes) {
    requests.push_back(volume_request(volume, plan, zone, initialization_rate));
  }
  CO_TRY(const auto ids, co_await make_volumes(tools.ec2, tools.clock, std::move(requests)));
  std::vector<RestoredVolume> made;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& volume = plan.volumes[i];
    made.push_back({volume.device, ids[i], volume.snapshot});
    names.push_back(fmt::format("{} of {}{}", ids[i].str(), volume.snapshot.str(),
                                volume.device.empty() ? "" : fmt::format(" ({})", volume.device)));
  }
  tools.report(plan.instance, Step::volumes_created, join(names, ", "));
  co_return made;
}

}  // namespace pitstop
