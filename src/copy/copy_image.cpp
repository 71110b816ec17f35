#include "copy/copy_image.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/plan.hpp"
#include "backup/snapshot_description.hpp"
#include "backup/tools.hpp"
#include "base/contains.hpp"
#include "ec2/images.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

/// A new image can be missing from lists for a while.
constexpr Duration copied_image_visible_after = Seconds(60);
constexpr Duration between_first_looks = Seconds(5);
constexpr Duration between_looks_at_copied_image = Seconds(30);

/// While nobody waits for an image that was just begun, it is looked at for so long: its snapshots
/// need their tags, and EC2 may not show them before they are complete.
constexpr Duration longest_look_for_snapshots = std::chrono::minutes(1);

class CopyingImage {
 public:
  CopyingImage(CopyTools tools, CopyPlan& plan, CopyOptions options)
      : tools_(tools), plan_(plan), options_(std::move(options)), begun_(tools.clock.now()) {}

  Task<Result<CopyProgress>> run() {
    const bool is_new = !plan_.image_there;
    if (is_new) {
      CO_TRY(auto id, co_await begin());
      plan_.image_there.emplace().id = std::move(id);
    }
    while (true) {
      CO_TRY(const auto image, co_await look());
      CO_TRY_STATUS(co_await tag_snapshots(image));
      if (image.state == "available") {
        co_return are_tagged() ? Result<CopyProgress>(CopyProgress::complete) : not_as_before();
      }
      if (image.state != "pending" && !image.state.empty()) {
        co_return fail(ErrorKind::refused, fmt::format("{}, the copy of {}, is {}", image.id.str(),
                                                       plan_.set.image->id.str(), image.state));
      }
      const auto waited = tools_.clock.now() - begun_;
      if (!options_.wait && (are_tagged() || !is_new || waited > longest_look_for_snapshots)) {
        co_return CopyProgress::begun;
      }
      co_await tools_.clock.sleep(are_tagged() ? between_looks_at_copied_image
                                               : between_first_looks);
      CO_TRY_STATUS(still_wanted(tools_.interruption));
    }
  }

 private:
  Task<Result<ImageId>> begin() {
    const auto& source = *plan_.set.image;
    ec2::Tags common = plan_.snapshots.front().tags;
    std::erase_if(common, [](const ec2::Tag& tag) {
      return tag.key == "pitstop:device" || tag.key == volume_tag_key || !is_reserved_tag(tag.key);
    });
    for (auto& tag : common) {
      if (tag.key == "Name") {
        tag.value = plan_.set.name;  // that of a snapshot may be its volume's
      }
    }
    ec2::ImageCopyRequest request{
        .source_region = plan_.route.from_region,
        .source = source.id,
        .name = source.name,
        .description = describe_image_copy(plan_.set.backup, plan_.set.instance,
                                           plan_.route.from_region, common),
        .client_token = fmt::format(
            "{}-{}", plan_.set.backup.str(),
            std::chrono::duration_cast<Seconds>(tools_.clock.wall().time_since_epoch()).count()),
        .image_tags = common,
        .snapshot_tags = common,
        .encryption = options_.encryption};
    auto id = co_await ec2::copy_image(tools_.to, std::move(request));
    if (!id && id.error().code == ec2::image_name_is_taken) {
      id.error().hint =
          "if that image is deregistered already, AWS frees its name some minutes later: copy "
          "again then";
    }
    if (id) {
      tools_.report(plan_.set.instance, Step::copy_begun,
                    fmt::format("{}, from {}", id->str(), source.id.str()));
    }
    co_return id;
  }

  /// As it is now; without a state while it is not to be seen yet.
  Task<Result<ec2::Image>> look() {
    std::vector<ImageId> ids{plan_.image_there->id};
    const auto images = co_await ec2::describe_images(tools_.to, std::move(ids), {});
    const bool missing = images ? images->empty() : images.error().kind == ErrorKind::not_found;
    if (!missing && !images) {
      co_return fail(images.error());
    }
    if (!missing) {
      plan_.image_there = images->front();
    } else if (tools_.clock.now() - begun_ > copied_image_visible_after) {
      co_return fail(ErrorKind::not_found,
                     fmt::format("the copy {} is not to be seen", plan_.image_there->id.str()));
    }
    co_return *plan_.image_there;
  }

  Task<Status> tag_snapshots(const ec2::Image& image) {
    for (auto& snapshot : plan_.snapshots) {
      auto copy = snapshot_at(image, snapshot.device);
      if (!copy || contains(tagged_, *copy)) {
        continue;
      }
      std::vector<std::string> resources{copy->str()};
      auto tags = snapshot.tags;
      CO_TRY_STATUS(co_await ec2::create_tags(tools_.to, std::move(resources), std::move(tags)));
      tagged_.push_back(*copy);
      snapshot.copy = std::move(copy);
    }
    for (auto& snapshot : plan_.snapshots) {
      snapshot.is_complete = snapshot.copy && image.state == "available";
    }
    co_return Status();
  }

  bool are_tagged() const { return tagged_.size() == plan_.snapshots.size(); }

  Result<CopyProgress> not_as_before() const {
    return fail(ErrorKind::refused,
                fmt::format("{} has not the volumes of {}", plan_.image_there->id.str(),
                            plan_.set.image->id.str()),
                "it is no copy that can be restored: look at what EC2 shows of both");
  }

  CopyTools tools_;
  CopyPlan& plan_;
  CopyOptions options_;
  Instant begun_;
  std::vector<SnapshotId> tagged_;
};

}  // namespace

Task<Result<CopyProgress>> copy_image_of(CopyTools tools, CopyPlan& plan, CopyOptions options) {
  CopyingImage copying(tools, plan, std::move(options));
  co_return co_await copying.run();
}

}  // namespace pitstop
