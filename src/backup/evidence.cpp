#include "backup/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/options.hpp"
#include "base/text.hpp"
#include "ec2/stop_reason.hpp"

namespace pitstop {
namespace {

/// A host whose clock is ahead by more is not let into AWS; a time zone that was mistaken for
/// another is not believed either.
constexpr Milliseconds farthest_ahead = std::chrono::hours(1);

/// Nobody had pitstop before. Without a bound, a difference of times does not fit its type.
constexpr WallTime first_of_all_runs = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);

/// The times of a tag are whole minutes.
constexpr Milliseconds rounding = std::chrono::minutes(2);

bool is_between(const std::optional<WallTime>& when, const DownTag& tag) {
  return when && *when >= tag.since - clock_skew && *when <= tag.until + clock_skew;
}

const ec2::Volume* find_volume(const RestoreFacts& facts, const VolumeId& id) {
  const auto found = std::ranges::find(facts.volumes, id, &ec2::Volume::id);
  return found == facts.volumes.end() ? nullptr : &*found;
}

std::unexpected<Error> unsupported(const VolumeId& volume, std::string_view why) {
  return fail(ErrorKind::refused, fmt::format("{} {}", volume.str(), why),
              "tags alone prove nothing: attach and delete volumes by hand");
}

/// Nobody has it, or the server has it at that place.
bool is_free_or_in_place(const ec2::Volume& volume, const ec2::Instance& server,
                         const std::string& device) {
  return std::ranges::all_of(volume.attachments, [&](const ec2::VolumeAttachment& attachment) {
    return attachment.instance == server.id && attachment.device == device;
  });
}

bool was_replaced_at(const ec2::Volume& volume, const ec2::Instance& server,
                     const std::string& device) {
  const auto replaced = parse_replaced(volume);
  return replaced && replaced->instance == server.id && replaced->device == device;
}

Status created_for(const RestoreFacts& facts, const RestoreId& restore, const ec2::Volume& volume) {
  if (!volume.created || *volume.created < facts.tag.since - clock_skew) {
    return unsupported(volume.id, "was not created by that restore, but before it");
  }
  if (ec2::find_tag(volume.tags, "pitstop:restore") != restore.str()) {
    return unsupported(volume.id, "does not name that restore");
  }
  const auto backup = ec2::find_tag(volume.tags, "pitstop:restored-from");
  const auto source = std::ranges::find(facts.snapshots, volume.made_from, &ec2::Snapshot::id);
  if (volume.made_from.empty() || source == facts.snapshots.end() || !backup ||
      ec2::find_tag(source->tags, "pitstop:backup") != *backup) {
    return unsupported(volume.id, "was not created from a snapshot of the backup that it names");
  }
  return {};
}

Status supports_new(const RestoreFacts& facts, const RestoreId& restore,
                    const SwappedVolume& swapped) {
  const auto* volume = find_volume(facts, swapped.in);
  if (volume == nullptr || swapped.server != facts.server.id || volume->zone != facts.server.zone) {
    return unsupported(swapped.in, fmt::format("does not name {}", facts.server.id.str()));
  }
  if (!is_free_or_in_place(*volume, facts.server, swapped.device)) {
    return unsupported(swapped.in, "is attached elsewhere");
  }
  if (swapped.request) {
    return created_for(facts, restore, *volume);
  }
  if (!was_replaced_at(*volume, facts.server, swapped.device)) {
    return unsupported(swapped.in, fmt::format("was never at {}", swapped.device));
  }
  return {};
}

Status supports_old(const RestoreFacts& facts, const RestoreId& restore,
                    const SwappedVolume& swapped) {
  if (swapped.out.empty()) {
    return {};
  }
  const auto* volume = find_volume(facts, swapped.out);
  if (volume == nullptr || !is_free_or_in_place(*volume, facts.server, swapped.device)) {
    return unsupported(swapped.out, "is attached elsewhere, or gone");
  }
  const bool is_in_place = !volume->attachments.empty();
  const bool is_replaced = ec2::find_tag(volume->tags, replaced_by_tag_key) == restore.str() &&
                           was_replaced_at(*volume, facts.server, swapped.device);
  if (!is_in_place && !is_replaced) {
    return unsupported(swapped.out, fmt::format("does not say that {} has replaced it at {}",
                                                restore.str(), swapped.device));
  }
  return {};
}

}  // namespace

Claim claim_of(const DownTag& tag, WallTime now) {
  const Milliseconds lasts = tag.until - tag.since;
  const auto longest = std::chrono::ceil<Milliseconds>(longest_outage_of_all()) + rounding;
  if (lasts < Milliseconds(0) || lasts > longest || tag.since < first_of_all_runs ||
      tag.since > now + farthest_ahead) {
    return Claim::unbelievable;
  }
  return now > tag.until + clock_skew ? Claim::over : Claim::holds;
}

// EC2 tells the stop to the second, the tag its times to the minute.
bool shows_stop_of(const DownTag& tag, const ec2::Instance& instance) {
  return is_between(ec2::stopped_by_call_at(instance), tag) ||
         is_between(ec2::failed_start_at(instance), tag);
}

Status supports(const RestoreFacts& facts, const Swap& swap) {
  for (const auto& swapped : swap.volumes) {
    TRY_STATUS(supports_new(facts, swap.restore, swapped));
    TRY_STATUS(supports_old(facts, swap.restore, swapped));
  }
  return {};
}

std::optional<Error> held_by_tag(const ec2::Instance& instance, WallTime now) {
  const auto text = down_tag_of(instance);
  if (!text) {
    return std::nullopt;
  }
  const auto& id = instance.id;
  const auto tag = parse_down_tag(*text);
  const auto claim = tag ? claim_of(*tag, now) : Claim::unbelievable;
  if (claim == Claim::holds) {
    const bool is_down = ec2::is_at_rest(instance) && !tag->found_stopped;
    return Error{ErrorKind::held,
                 fmt::format("{} is {}held by the run {} on {}, since {}, until {} at the latest",
                             id.str(), is_down ? "DOWN: it is " : "", printable(tag->run.str()),
                             printable(tag->host), rfc3339(tag->since), rfc3339(tag->until)),
                 fmt::format("wait until that run has ended; if its host is gone: pitstop recover "
                             "--now {}",
                             id.str()),
                 {}};
  }
  if (instance.state == ec2::InstanceState::running) {
    return std::nullopt;
  }
  return Error{ErrorKind::held,
               fmt::format("{} is {}, and has the tag {} = {} of a run that is over", id.str(),
                           to_string(instance.state), down_tag_key, in_quotes(*text)),
               fmt::format("if it is to run: pitstop recover {}; if it is to stay stopped: {}",
                           id.str(), untagging_by_hand(id)),
               {}};
}

std::string untagging_by_hand(const InstanceId& instance) {
  return fmt::format("aws ec2 delete-tags --resources {} --tags Key={}", instance.str(),
                     down_tag_key);
}

}  // namespace pitstop
