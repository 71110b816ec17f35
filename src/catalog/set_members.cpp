#include "catalog/set_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "backup/captured_configuration.hpp"
#include "backup/priming.hpp"
#include "backup/tag_keys.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using Kind = SnapshotDescription::Kind;

/// What CreateImage and CopyImage themselves describe their snapshots as.
constexpr std::string_view made_by_create_image = "Created by CreateImage(";
constexpr std::string_view made_by_copy_image = "Copied for DestinationAmi ";

/// The name that pitstop gives to the images of backups begins so.
constexpr std::string_view image_name_prefix = "pitstop ";

/// Volumes that are detached, and snapshots of images, come one after the other.
constexpr Duration longest_taking = std::chrono::hours(1);

/// How far the tag with the time may be from EC2's, where no digest proves it: a call may have to
/// wait for the longest downtime, and AWS serves no clock that is further ahead.
constexpr Duration longest_wait_for_snapshot = std::chrono::minutes(30);
constexpr Duration furthest_ahead = std::chrono::minutes(10);

bool is_of_image_by_ec2(const ec2::Snapshot& snapshot, const InstanceId& instance) {
  return snapshot.description.starts_with(
             fmt::format("{}{})", made_by_create_image, instance.str())) ||
         snapshot.description.starts_with(made_by_copy_image);
}

bool has_tag(const ec2::Snapshot& snapshot, std::string_view key, std::string_view value) {
  return ec2::find_tag(snapshot.tags, key) == value;
}

std::optional<WallTime> time_claimed(const ec2::Snapshot& snapshot) {
  return parse_rfc3339(ec2::find_tag(snapshot.tags, "pitstop:created").value_or(""));
}

class SortingOut {
 public:
  SortingOut(const BackupId& backup, const InstanceId& instance)
      : backup_(backup), instance_(instance) {}

  SetMembers run(const std::vector<ec2::Snapshot>& snapshots,
                 const std::vector<const ec2::Image*>& images) {
    find_image(images);
    for (const auto& snapshot : snapshots) {
      admit_or_leave_out(snapshot);
    }
    if (is_original_there()) {
      leave_out_copies();
    }
    choose_one_of_each_volume();
    return std::move(members_);
  }

 private:
  /// Of several the one that was made first.
  void find_image(const std::vector<const ec2::Image*>& images) {
    for (const auto* image : images) {
      const auto made_as = made_as_backup(*image);
      const bool is_it = made_as && made_as->backup == backup_ && made_as->instance == instance_;
      if (is_it && (members_.image == nullptr || image->created < members_.image->created)) {
        members_.image = image;
        image_made_as_ = made_as;
      }
    }
  }

  void admit_or_leave_out(const ec2::Snapshot& snapshot) {
    SetMember member;
    member.snapshot = snapshot;
    if (auto made_as = made_as_backup(snapshot)) {
      if (made_as->digest.empty() && ec2::find_tag(snapshot.tags, prime_tag_key)) {
        return leave_out(snapshot, "it is a pre-snapshot");
      }
      member.made_as = std::move(made_as);
    } else if (members_.image != nullptr && contains(members_.image->snapshots, snapshot.id)) {
      member.made_as = image_made_as_;
      member.is_of_image = true;
    } else if (members_.image != nullptr || !has_tag(snapshot, method_tag_key, "image") ||
               !is_of_image_by_ec2(snapshot, instance_)) {
      return leave_out(snapshot, "it was not made as a snapshot of this backup");
    }
    member.is_copy = member.made_as ? member.made_as->kind == Kind::copy
                                    : snapshot.description.starts_with(made_by_copy_image);
    member.volume = volume_of_member(member);
    all_.push_back(std::move(member));
  }

  void leave_out(const ec2::Snapshot& snapshot, std::string why) {
    members_.left_out.push_back({snapshot.id, std::move(why)});
  }

  /// EC2 knows the volume of an original. Of a copy there are the tags that it was made with; of
  /// the copy of an image the device, by which the configuration knows it.
  VolumeId volume_of_member(const SetMember& member) const {
    const auto& snapshot = member.snapshot;
    if (member.made_as && !member.is_copy) {
      return snapshot.volume;
    }
    if (member.is_of_image) {
      if (auto volume = volume_at_device(snapshot)) {
        return *std::move(volume);
      }
    }
    return volume_of(snapshot);
  }

  std::optional<VolumeId> volume_at_device(const ec2::Snapshot& snapshot) const {
    const auto& image = *members_.image;
    const auto configuration = unpack_configuration(snapshot.tags);
    for (std::size_t i = 0; configuration && i < image.snapshots.size(); ++i) {
      if (image.snapshots[i] == snapshot.id) {
        const auto captured = captured_volumes(*configuration);
        const auto volume = std::ranges::find(captured, image.devices[i], &CapturedVolume::device);
        return volume == captured.end() ? std::nullopt : std::optional(volume->volume);
      }
    }
    return std::nullopt;
  }

  bool is_original_there() const {
    return std::ranges::any_of(all_, [](const SetMember& one) { return !one.is_copy; });
  }

  void leave_out_copies() {
    std::erase_if(all_, [&](const SetMember& member) {
      if (member.is_copy) {
        leave_out(member.snapshot, "it is a copy of one");
      }
      return member.is_copy;
    });
  }

  /// Of snapshots that were made together, those that lack the fewest volumes; of these the
  /// complete ones; of these the oldest. What only another round has comes from there.
  void choose_one_of_each_volume() {
    const auto order = order_of_rounds();
    std::ranges::sort(all_, {}, [&](const SetMember& member) {
      return std::tuple(std::ranges::find(order, round_of(member)) - order.begin(),
                        member.snapshot.id);
    });
    for (auto& member : all_) {
      auto& where = contains(members_.chosen, member.volume, &SetMember::volume) ? members_.doubles
                                                                                 : members_.chosen;
      where.push_back(std::move(member));
    }
  }

  /// Copies are made one by one: each is a round of its own.
  using Round = std::pair<std::optional<WallTime>, std::string>;

  static Round round_of(const SetMember& member) {
    return {member.snapshot.started, member.is_copy ? member.snapshot.id.str() : ""};
  }

  std::vector<Round> order_of_rounds() const {
    struct Quality {
      std::set<VolumeId> volumes;
      bool has_failed = false;
      bool is_complete = true;
    };
    std::map<Round, Quality> rounds;
    for (const auto& member : all_) {
      auto& quality = rounds[round_of(member)];
      quality.volumes.insert(member.volume);
      const auto state = member.snapshot.state;
      quality.has_failed = quality.has_failed || state == ec2::SnapshotState::error;
      quality.is_complete = quality.is_complete && state == ec2::SnapshotState::completed;
    }
    std::vector<Round> order;
    for (const auto& [round, quality] : rounds) {
      order.push_back(round);
    }
    std::ranges::sort(order, {}, [&](const Round& round) {
      const auto& quality = rounds.at(round);
      return std::tuple(quality.has_failed, -std::ssize(quality.volumes), !quality.is_complete,
                        round);
    });
    return order;
  }

  const BackupId& backup_;
  const InstanceId& instance_;
  std::optional<SnapshotDescription> image_made_as_;
  std::vector<SetMember> all_;
  SetMembers members_;
};

class Doubting {
 public:
  Doubting(const BackupId& backup, const InstanceId& instance, const SetMembers& members)
      : backup_(backup), instance_(instance), members_(members) {}

  std::string run() const {
    if (members_.chosen.empty()) {
      return fmt::format("pitstop did not make it: {}: {}", members_.left_out.front().id.str(),
                         members_.left_out.front().why);
    }
    for (const auto& member : members_.chosen) {
      auto why = contradiction_of(member);
      if (!why.empty()) {
        return fmt::format("{}: {}", member.snapshot.id.str(), why);
      }
    }
    return contradiction_among_them();
  }

 private:
  std::string contradiction_of(const SetMember& member) const {
    const auto& snapshot = member.snapshot;
    const auto& made_as = member.made_as;
    if (made_as && !made_as->digest.empty() &&
        !has_tags_as_made(*made_as, snapshot.tags, member.is_of_image)) {
      return "its tags are not those that pitstop gave it";
    }
    if (!has_tag(snapshot, "pitstop:backup", backup_.str()) ||
        !has_tag(snapshot, "pitstop:instance", instance_.str())) {
      return fmt::format("it was made for {} of {}, and its tags say otherwise", backup_.str(),
                         instance_.str());
    }
    const auto volume = ec2::find_tag(snapshot.tags, volume_tag_key);
    if (made_as && !member.is_copy && volume && *volume != snapshot.volume.str()) {
      return fmt::format("it is of {}, and its tag says {}", snapshot.volume.str(),
                         printable(*volume));
    }
    const bool is_proven = made_as && !made_as->digest.empty();
    return is_proven ? contradiction_of_copied_time(member) : contradiction_of_claims(member);
  }

  static std::string contradiction_of_copied_time(const SetMember& member) {
    const auto& started = member.snapshot.started;
    const auto claimed = time_claimed(member.snapshot);
    const bool is_later = member.is_copy && started && claimed && *claimed > *started;
    return is_later ? "its tag says that it was taken after it was copied" : "";
  }

  /// What no digest proves has to fit what EC2 knows.
  static std::string contradiction_of_claims(const SetMember& member) {
    const auto& snapshot = member.snapshot;
    if (ec2::find_tag(snapshot.tags, reason_tag_key)) {
      return fmt::format("it has the tag {}, which it was not made with", reason_tag_key);
    }
    const auto claimed = time_claimed(snapshot);
    if (!snapshot.started) {
      return "";
    }
    if (!claimed) {
      return "its tag pitstop:created is no time";
    }
    if (member.is_copy) {
      return contradiction_of_copied_time(member);
    }
    const auto late = *snapshot.started - *claimed;
    return late > longest_wait_for_snapshot || -late > furthest_ahead
               ? fmt::format("EC2 began it {}, and its tag says {}", rfc3339(*snapshot.started),
                             rfc3339(*claimed))
               : "";
  }

  std::string contradiction_among_them() const {
    const auto& first = members_.chosen.front();
    auto earliest = first.snapshot.started;
    auto latest = earliest;
    for (const auto& member : members_.chosen) {
      const auto& snapshot = member.snapshot;
      if (snapshot.owner != first.snapshot.owner) {
        return fmt::format("{} and {} belong to different accounts", first.snapshot.id.str(),
                           snapshot.id.str());
      }
      if (common_text(snapshot.tags) != common_text(first.snapshot.tags)) {
        return fmt::format("the tags of {} and {} contradict each other", first.snapshot.id.str(),
                           snapshot.id.str());
      }
      earliest = std::min(earliest, snapshot.started);
      latest = std::max(latest, snapshot.started);
    }
    const bool is_apart =
        !first.is_copy && earliest && latest && *latest - *earliest > longest_taking;
    return is_apart ? fmt::format("its snapshots were begun {} apart", human(*latest - *earliest))
                    : "";
  }

  const BackupId& backup_;
  const InstanceId& instance_;
  const SetMembers& members_;
};

/// A pre-snapshot is of none, unless it was made one.
std::optional<SnapshotDescription> of_a_backup(std::string_view description,
                                               const ec2::Tags& tags) {
  auto made_as = parse_snapshot_description(description);
  const bool is_one = made_as && (made_as->kind != Kind::pre_snapshot ||
                                  ec2::find_tag(tags, "pitstop:backup") == made_as->backup.str());
  return is_one ? std::move(made_as) : std::nullopt;
}

}  // namespace

std::optional<SnapshotDescription> made_as_backup(const ec2::Snapshot& snapshot) {
  return of_a_backup(snapshot.description, snapshot.tags);
}

std::optional<SnapshotDescription> made_as_backup(const ec2::Image& image) {
  return image.name.starts_with(image_name_prefix) ? of_a_backup(image.description, image.tags)
                                                   : std::nullopt;
}

VolumeId volume_of(const ec2::Snapshot& snapshot) {
  const auto said = ec2::find_tag(snapshot.tags, volume_tag_key);
  return said ? VolumeId(*said) : snapshot.volume;
}

SetMembers members_of(const BackupId& backup, const InstanceId& instance,
                      const std::vector<ec2::Snapshot>& snapshots,
                      const std::vector<const ec2::Image*>& images) {
  SortingOut sorting(backup, instance);
  return sorting.run(snapshots, images);
}

std::string contradiction_in(const BackupId& backup, const InstanceId& instance,
                             const SetMembers& members) {
  return Doubting(backup, instance, members).run();
}

bool has_proven_tags(const SetMembers& members) {
  return !members.chosen.empty() &&
         std::ranges::all_of(members.chosen, [](const SetMember& member) {
           return member.made_as && !member.made_as->digest.empty() &&
                  has_tags_as_made(*member.made_as, member.snapshot.tags, member.is_of_image);
         });
}

}  // namespace pitstop
