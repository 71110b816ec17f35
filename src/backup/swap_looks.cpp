#include "backup/swap_looks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pitstop {
namespace {

/// By what EC2 says of it, and by its tags.
bool was_made_for(const SwappedVolume& planned, const ec2::Volume& volume,
                  const InstanceId& instance, WallTime since) {
  const auto says = parse_swapped_in(volume);
  return says && says->device == planned.device && says->server == instance &&
         volume.made_from == planned.request->from && volume.attachments.empty() &&
         volume.created && *volume.created >= since;
}

}  // namespace

void root_first(Swap& swap, const std::string& root_device) {
  std::ranges::sort(swap.volumes, {}, [&](const SwappedVolume& volume) {
    return std::pair(volume.device != root_device, volume.device);
  });
}

const ec2::VolumeAttachment* attachment_to(const InstanceId& instance,
                                           const std::vector<ec2::Volume>& volumes,
                                           const VolumeId& id) {
  const auto volume = std::ranges::find(volumes, id, &ec2::Volume::id);
  if (volume == volumes.end()) {
    return nullptr;
  }
  const auto found =
      std::ranges::find(volume->attachments, instance, &ec2::VolumeAttachment::instance);
  return found == volume->attachments.end() || found->state == "detached" ? nullptr : &*found;
}

Task<Result<std::vector<ec2::Volume>>> volumes_of(ec2::Caller& ec2, Swap swap) {
  ec2::Filter ids{.name = "volume-id", .values = {}};
  for (const auto& volume : swap.volumes) {
    for (const auto& id : {volume.out, volume.in}) {
      if (!id.empty()) {
        ids.values.push_back(id.str());
      }
    }
  }
  if (ids.values.empty()) {
    co_return std::vector<ec2::Volume>();
  }
  std::vector<ec2::Filter> filters{std::move(ids)};
  co_return co_await ec2::describe_volumes(ec2, {}, std::move(filters));
}

Task<Result<std::optional<Swap>>> find_swap(ec2::Caller& ec2, RestoreId restore,
                                            std::string root_device) {
  std::vector<ec2::Filter> filters{{fmt::format("tag:{}", swapped_in_tag_key), {restore.str()}}};
  CO_TRY(const auto volumes, co_await ec2::describe_volumes(ec2, {}, std::move(filters)));
  Swap swap{.restore = restore};
  for (const auto& volume : volumes) {
    if (auto swapped = parse_swapped_in(volume)) {
      swap.volumes.push_back(*std::move(swapped));
    }
  }
  root_first(swap, root_device);
  co_return swap.volumes.empty() ? std::nullopt : std::optional(std::move(swap));
}

Task<Status> complete_swap(ec2::Caller& ec2, InstanceId instance, WallTime since, Swap& swap) {
  CO_TRY(const auto named, co_await volumes_of(ec2, swap));
  std::vector<ec2::Filter> filters{
      {fmt::format("tag:{}", swapped_in_tag_key), {swap.restore.str()}}};
  CO_TRY(const auto tagged, co_await ec2::describe_volumes(ec2, {}, std::move(filters)));
  for (auto& planned : swap.volumes) {
    if (!planned.request) {
      const auto found = std::ranges::find(named, planned.in, &ec2::Volume::id);
      planned.stale_tags = found == named.end() ? ec2::Tags() : replaced_tags_of(*found);
      continue;
    }
    for (const auto& volume : tagged) {
      if (planned.in.empty() && was_made_for(planned, volume, instance, since)) {
        planned.in = volume.id;
      }
    }
  }
  co_return Status();
}

Task<Status> may_exchange(ec2::Caller& ec2, InstanceId instance, Swap swap) {
  const auto is_forbidden = [](const Status& tried) {
    return !tried && tried.error().kind == ErrorKind::forbidden;
  };
  for (const auto& volume : swap.volumes) {
    const auto& some = volume.out.empty() ? volume.in : volume.out;
    const auto detached = co_await ec2::may_detach_volume(ec2, some, instance);
    if (is_forbidden(detached)) {
      co_return fail(within("DetachVolume", detached.error()));
    }
    const auto attached = co_await ec2::may_attach_volume(ec2, volume.in, instance, volume.device);
    if (is_forbidden(attached)) {
      co_return fail(within("AttachVolume", attached.error()));
    }
  }
  co_return Status();
}

Task<Result<SwapProgress>> progress_of(ec2::Caller& ec2, InstanceId instance, Swap swap) {
  CO_TRY(const auto seen, co_await volumes_of(ec2, swap));
  const auto is_out = [&](const SwappedVolume& volume) {
    return volume.out.empty() || attachment_to(instance, seen, volume.out) == nullptr;
  };
  const auto is_in = [&](const SwappedVolume& volume) {
    return attachment_to(instance, seen, volume.in) != nullptr;
  };
  const auto is_exchanged = [&](const SwappedVolume& volume) {
    return is_out(volume) && is_in(volume);
  };
  const auto is_touched = [&](const SwappedVolume& volume) {
    return (!volume.out.empty() && is_out(volume)) || is_in(volume);
  };
  if (std::ranges::all_of(swap.volumes, is_exchanged)) {
    co_return SwapProgress::done;
  }
  co_return std::ranges::any_of(swap.volumes, is_touched) ? SwapProgress::begun
                                                          : SwapProgress::not_begun;
}

}  // namespace pitstop
