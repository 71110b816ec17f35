#include "restore/new_volumes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_volumes = Seconds(2);
/// A volume from a snapshot is there in seconds; a KMS key that cannot be used takes as long to be
/// noticed.
constexpr Duration longest_creation = std::chrono::minutes(10);

class Making {
 public:
  Making(RestoreTools tools, RestorePlan plan, std::string zone, int rate)
      : tools_(tools), plan_(std::move(plan)), zone_(std::move(zone)), rate_(rate) {}

  Task<Result<std::vector<RestoredVolume>>> run() {
    auto status = co_await create();
    if (status) {
      status = co_await await_all();
    }
    if (!status) {
      co_await take_back();
      co_return fail(status.error());
    }
    std::vector<std::string> names;
    for (const auto& made : made_) {
      names.push_back(fmt::format("{} of {}{}", made.volume.str(), made.snapshot.str(),
                                  made.device.empty() ? "" : fmt::format(" ({})", made.device)));
    }
    tools_.report(plan_.instance, Step::volumes_created, join(names, ", "));
    co_return made_;
  }

 private:
  Task<Status> create() {
    for (const auto& volume : plan_.volumes) {
      ec2::VolumeRequest request{
          .zone = zone_,
          .from = volume.snapshot,
          .type = volume.type,
          .iops = volume.iops,
          .throughput = volume.throughput,
          .initialization_rate = rate_ > 0 ? std::optional(rate_) : std::nullopt,
          .tags = tags_of_volume(volume, plan_),
          .client_token = fmt::format("{}-{}", plan_.restore.str(), volume.snapshot.str())};
      CO_TRY(auto id, co_await ec2::create_volume(tools_.ec2, std::move(request)));
      made_.push_back({volume.device, std::move(id), volume.snapshot});
    }
    co_return Status();
  }

  Task<Status> await_all() {
    const Instant end = tools_.clock.now() + longest_creation;
    while (true) {
      std::vector<ec2::Filter> filters{
          {fmt::format("tag:{}", restore_tag_key), {plan_.restore.str()}}};
      CO_TRY(const auto seen, co_await ec2::describe_volumes(tools_.ec2, {}, std::move(filters)));
      CO_TRY(const bool all, all_available(seen));
      if (all) {
        co_return Status();
      }
      if (tools_.clock.now() > end) {
        co_return fail(ErrorKind::deadline, "the volumes are not available after ten minutes");
      }
      co_await tools_.clock.sleep(between_looks_at_volumes);
    }
  }

  /// One that is not shown yet was made a moment ago.
  Result<bool> all_available(const std::vector<ec2::Volume>& seen) const {
    bool all = true;
    for (const auto& made : made_) {
      const auto volume = std::ranges::find(seen, made.volume, &ec2::Volume::id);
      if (volume != seen.end() && volume->state == "error") {
        return fail(
            ErrorKind::refused,
            fmt::format("{} of {} could not be made", made.volume.str(), made.snapshot.str()),
            "is its KMS key disabled, or not to be used by these credentials?");
      }
      all = all && volume != seen.end() && volume->state != "creating";
    }
    return all;
  }

  Task<void> take_back() {
    for (const auto& made : made_) {
      const auto deleted = co_await ec2::delete_volume(tools_.ec2, made.volume);
      if (!deleted) {
        tools_.report(
            plan_.instance, Step::warning,
            fmt::format("{} is left over: {}", made.volume.str(), deleted.error().message),
            "delete it");
      }
    }
  }

  RestoreTools tools_;
  RestorePlan plan_;
  std::string zone_;
  int rate_;
  std::vector<RestoredVolume> made_;
};

}  // namespace

Task<Result<std::vector<RestoredVolume>>> make_volumes(RestoreTools tools, RestorePlan plan,
                                                       std::string zone, int initialization_rate) {
  Making making(tools, std::move(plan), std::move(zone), initialization_rate);
  co_return co_await making.run();
}

}  // namespace pitstop
