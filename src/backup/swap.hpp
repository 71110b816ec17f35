#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/fast_restore.hpp"
#include "base/ids.hpp"
#include "ec2/volumes.hpp"

/// Volumes of a server that are exchanged for others while it is stopped: how a restore in place
/// happens, and how it is undone. EC2's tags tell all of it, so that whoever finds an interrupted
/// one can finish it.
namespace pitstop {

/// A place of the server, and what is exchanged there.
struct SwappedVolume {
  std::string device;
  VolumeId out;  ///< what is there before; empty: nothing is
  VolumeId in;   ///< what is there afterwards; empty as long as it is not made
  /// How `in` is made; nothing if it is there already.
  std::optional<ec2::VolumeRequest> request = {};
  /// Whether `in` goes when the server is terminated.
  bool delete_on_termination = false;
  /// Whether `out` does.
  bool out_deletes_on_termination = false;
  /// Of an `in` that went out before: what its tags say of that, and shall not any more.
  ec2::Tags stale_tags = {};
  /// Where it is read from tags: the server that they name; older ones name none.
  InstanceId server = {};
};

struct Swap {
  RestoreId restore;
  std::vector<SwappedVolume> volumes = {};
  /// Whether a backup of what is there now is taken first.
  bool safety_backup = true;
  /// Whether what was exchanged is deleted when the server runs again.
  bool drops_old = false;
  /// What is enabled before the volumes are made, long before the stop.
  std::optional<FastRestorePlan> fast_restore = {};
};

/// What the server has in the end.
enum class SwapState {
  old,  ///< everything as it was
  now,  ///< everything exchanged
};

std::string_view to_string(SwapState state);

// Of volumes: the restore, and the place that they get or had.

/// Of one that is to come in, until it is there and the server runs.
inline constexpr auto swapped_in_tag_key = "pitstop:swapped-in";
inline constexpr auto swapped_in_place_tag_key = "pitstop:swapped-in-place";
/// Of one that went out: kept until somebody drops it, or takes the restore back.
inline constexpr auto replaced_by_tag_key = "pitstop:replaced-by";
inline constexpr auto replaced_place_tag_key = "pitstop:replaced-place";

/// The tags of a volume that comes in.
ec2::Tags swapped_in_tags(const RestoreId& restore, const InstanceId& instance,
                          const SwappedVolume& volume);

/// The tags of a volume that goes out of a server.
ec2::Tags replaced_tags(const RestoreId& restore, const InstanceId& instance,
                        const SwappedVolume& volume);

/// Those of them that it has.
ec2::Tags replaced_tags_of(const ec2::Volume& volume);

/// What the tags of a volume that comes in say; nothing if they are none of ours.
std::optional<SwappedVolume> parse_swapped_in(const ec2::Volume& volume);

/// What the tags of one that went out say: the place that it had. Nothing if they are none of ours.
struct ReplacedVolume {
  VolumeId volume;
  std::string device;
  bool delete_on_termination = false;
  InstanceId instance;
};
std::optional<ReplacedVolume> parse_replaced(const ec2::Volume& volume);

// As the journal keeps it, whose word counts where that of tags does not.

std::string to_text(const Swap& swap);

/// Nothing if the text names no volumes, as that of older versions.
std::optional<Swap> parse_swap(std::string_view text);

}  // namespace pitstop
