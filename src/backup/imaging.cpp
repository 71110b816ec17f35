#include "backup/imaging.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/snapshotting.hpp"
#include "base/text.hpp"
#include "ec2/adjusting_caller.hpp"
#include "ec2/images.hpp"

namespace pitstop {
namespace {

/// There is time for one call and one look even when the deadline is past.
constexpr Duration least_patience_for_image = Seconds(15);
constexpr Duration between_looks_at_image = Seconds(1);

/// Its snapshots are complete: what is left for EC2 to do takes seconds.
constexpr Duration image_available_after = std::chrono::minutes(15);
constexpr Duration between_looks_at_made_image = Seconds(10);

Instant deadline_for_image(const Tools& tools, Instant deadline) {
  return std::max(deadline, tools.clock.now() + least_patience_for_image);
}

Task<Result<std::vector<ec2::Snapshot>>> snapshots_named_by(Tools tools, ImageId image) {
  std::vector<ImageId> ids{std::move(image)};
  CO_TRY(const auto images, co_await ec2::describe_images(tools.ec2, std::move(ids), {}));
  if (images.empty() || images.front().snapshots.empty()) {
    co_return std::vector<ec2::Snapshot>();
  }
  auto snapshots = images.front().snapshots;
  co_return co_await ec2::describe_snapshots(tools.ec2, std::move(snapshots), {});
}

Task<Result<std::vector<ec2::Snapshot>>> snapshots_tagged_for(Tools tools, BackupId backup) {
  std::vector<ec2::Filter> filters{{"tag:pitstop:backup", {backup.str()}}};
  co_return co_await ec2::describe_snapshots(tools.ec2, {}, std::move(filters));
}

/// That its name is taken shows that an earlier request was carried out.
Task<Result<ImageId>> ask_for_image(ec2::Caller& ec2, ec2::ImageRequest request, Duration longest) {
  auto made = co_await ec2::create_image(ec2, std::move(request), longest);
  if (!made && made.error().code == ec2::image_name_is_taken) {
    made.error().kind = ErrorKind::unknown_fate;
  }
  co_return made;
}

Task<Result<FoundCreation<ImageId>>> find_made_image(ec2::Caller& ec2, std::string name,
                                                     Duration patience) {
  ec2::AdjustingCaller hasty(ec2, [patience](ec2::Call& call) {
    call.patience = patience;
    call.attempt_timeout = std::chrono::ceil<Milliseconds>(patience);
  });
  std::vector<ec2::Filter> filters{{"name", {std::move(name)}}};
  CO_TRY(const auto images, co_await ec2::describe_images(hasty, {}, std::move(filters)));
  FoundCreation<ImageId> found{.whole = {}, .any = !images.empty()};
  if (found.any) {
    found.whole = images.front().id;
  }
  co_return found;
}

}  // namespace

std::string image_name(const RunId& run, const InstanceId& instance) {
  return fmt::format("pitstop {} {}", run.str(), instance.str());
}

ec2::ImageRequest image_request(const BackupPlan& plan, Consistency consistency, WallTime now) {
  auto set = snapshot_request(plan, consistency, now);
  ec2::ImageRequest request{.instance = plan.instance.id,
                            .name = image_name(plan.run, plan.instance.id),
                            .description = set.description,
                            .image_tags = set.tags,
                            .snapshot_tags = set.tags};
  for (const auto& excluded : plan.excluded) {
    request.exclude_devices.push_back(excluded.device);
  }
  return request;
}

Task<Created<ImageId>> take_image(Tools tools, const BackupPlan& plan, Consistency consistency,
                                  Instant deadline) {
  deadline = deadline_for_image(tools, deadline);
  tools.report(plan.instance.id, Step::snapshots_requested);
  auto request = image_request(plan, consistency, tools.clock.wall());
  Creation<ImageId> creation{
      .action = "CreateImage",
      .ask = [&ec2 = tools.ec2,
              request](Duration longest) { return ask_for_image(ec2, request, longest); },
      .find = [&ec2 = tools.ec2, name = request.name](
                  Duration patience) { return find_made_image(ec2, name, patience); },
      .cannot_be_doubled = true};
  co_return co_await create_once(tools, plan.instance.id, std::move(creation), deadline);
}

Task<Result<std::vector<ec2::Snapshot>>> find_snapshots_of(Tools tools, const BackupPlan& plan,
                                                           ImageId image, Instant deadline) {
  deadline = deadline_for_image(tools, deadline);
  Result<std::vector<ec2::Snapshot>> best;
  while (true) {
    for (const bool by_image : {true, false}) {
      auto found = by_image ? co_await snapshots_named_by(tools, image)
                            : co_await snapshots_tagged_for(tools, plan.backup);
      if (found && covers_every_volume(plan, *found)) {
        co_return found;
      }
      if (!best || (found && found->size() > best->size())) {
        best = std::move(found);
      }
    }
    if (tools.clock.now() >= deadline) {
      co_return best;
    }
    co_await tools.clock.sleep(between_looks_at_image);
  }
}

Task<Result<std::optional<ec2::Image>>> find_image(Tools tools, std::string name, Instant end) {
  while (true) {
    std::vector<ec2::Filter> filters{{"name", {name}}};
    auto found = co_await ec2::describe_images(tools.ec2, {}, std::move(filters));
    if (found && !found->empty()) {
      co_return std::optional(std::move(found->front()));
    }
    if (tools.clock.now() >= end) {
      if (!found) {
        co_return fail(found.error());
      }
      co_return std::nullopt;
    }
    co_await tools.clock.sleep(between_looks_at_image);
  }
}

Task<Status> settle_doubt_of_image(Tools tools, const BackupPlan& plan, Doubt doubt,
                                   Requested requested, std::optional<ImageId>& image,
                                   std::optional<SnapshotSet>& set) {
  const auto end =
      requested.last + (doubt.serious ? snapshots_are_visible_after : search_after_no_answer);
  if (!image && doubt.any) {
    CO_TRY(const auto found,
           co_await find_image(tools, image_name(plan.run, plan.instance.id), end));
    if (found) {
      image = found->id;
    }
  }
  if (image && !set) {
    co_return co_await settle_doubt(tools, plan, {.any = true, .serious = doubt.serious}, requested,
                                    set);
  }
  co_return Status();
}

Task<Status> await_image(Tools tools, ImageId image) {
  const Instant end = tools.clock.now() + image_available_after;
  std::string state = "not to be seen";
  while (true) {
    std::vector<ImageId> ids{image};
    const auto seen = co_await ec2::describe_images(tools.ec2, std::move(ids), {});
    if (seen && !seen->empty()) {
      state = seen->front().state;
    }
    if (state == "available") {
      co_return Status();
    }
    const bool never = state != "pending" && state != "transient" && seen && !seen->empty();
    if (never || tools.clock.now() >= end) {
      co_return fail(ErrorKind::refused,
                     fmt::format("the image {} is {}", image.str(), printable(state)),
                     "its snapshots are there and complete; take another backup for an image");
    }
    if (tools.interruption.requested()) {
      co_return Status();
    }
    co_await tools.clock.sleep(between_looks_at_made_image);
  }
}

}  // namespace pitstop
