#include "catalog/backup_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "backup/plan.hpp"
#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr auto backup_tag_key = "pitstop:backup";

std::string tag_or_nothing(const ec2::Tags& tags, std::string_view key) {
  return ec2::find_tag(tags, key).value_or("");
}

/// One that is as after a power cut makes all of them so; one that says nothing, unknown.
std::optional<Consistency> worst_of(const std::vector<ec2::Snapshot>& snapshots) {
  std::optional<Consistency> worst;
  for (const auto& snapshot : snapshots) {
    const auto claimed = parse_consistency(tag_or_nothing(snapshot.tags, consistency_tag_key));
    if (!claimed) {
      return std::nullopt;
    }
    if (!worst || claimed == Consistency::crash) {
      worst = claimed;
    }
  }
  return worst;
}

/// By the tag that all of them carry; one that was altered by hand is passed over.
WallTime taken_at(const std::vector<ec2::Snapshot>& snapshots) {
  if (const auto said = parse_rfc3339(tag_or_nothing(snapshots.front().tags, "pitstop:created"))) {
    return *said;
  }
  std::optional<WallTime> first;
  for (const auto& snapshot : snapshots) {
    if (snapshot.started && (!first || *snapshot.started < *first)) {
      first = snapshot.started;
    }
  }
  return first.value_or(WallTime());
}

class Assembling {
 public:
  Assembling(std::vector<ec2::Snapshot> snapshots, const ec2::Image* image)
      : parts_(std::move(snapshots)) {
    const auto& tags = parts_.front().tags;
    set_.backup = BackupId(tag_or_nothing(tags, backup_tag_key));
    set_.run = RunId(tag_or_nothing(tags, "pitstop:run"));
    set_.instance = InstanceId(tag_or_nothing(tags, "pitstop:instance"));
    set_.name = tag_or_nothing(tags, "Name");
    set_.policy = tag_or_nothing(tags, "pitstop:policy");
    set_.taken = taken_at(parts_);
    set_.method = parse_method(tag_or_nothing(tags, method_tag_key)).value_or(Method::snapshots);
    set_.consistency = worst_of(parts_);
    set_.copied_from = read_copied_from(tag_or_nothing(tags, copied_from_tag_key));
    set_.tags = tags;
    if (image != nullptr) {
      set_.image = *image;
    }
  }

  BackupSet run() {
    const auto configuration = unpack_configuration(set_.tags);
    const auto captured =
        configuration ? captured_volumes(*configuration) : std::vector<CapturedVolume>();
    for (const auto& part : parts_) {
      set_.snapshots.push_back(to_set_snapshot(part, captured));
    }
    leave_out_doubles();
    std::ranges::sort(set_.snapshots, {}, [](const SetSnapshot& snapshot) {
      return std::pair(snapshot.device, snapshot.id);
    });
    for (const auto& volume : captured) {
      if (!contains(set_.snapshots, volume.volume, &SetSnapshot::volume)) {
        set_.missing.push_back(volume);
      }
    }
    judge(configuration);
    return std::move(set_);
  }

 private:
  static SetSnapshot to_set_snapshot(const ec2::Snapshot& snapshot,
                                     const std::vector<CapturedVolume>& captured) {
    SetSnapshot part{.id = snapshot.id,
                     .volume = volume_of(snapshot),
                     .owner = snapshot.owner,
                     .device = tag_or_nothing(snapshot.tags, "pitstop:device"),
                     .state = snapshot.state,
                     .state_message = snapshot.state_message,
                     .progress = snapshot.progress,
                     .size = snapshot.size,
                     .full_bytes = snapshot.full_bytes,
                     .encrypted = snapshot.encrypted};
    std::ranges::copy_if(snapshot.tags, std::back_inserter(part.volume_tags),
                         [](const ec2::Tag& tag) { return !is_reserved_tag(tag.key); });
    const auto volume = std::ranges::find(captured, part.volume, &CapturedVolume::volume);
    if (part.device.empty() && volume != captured.end()) {
      part.device = volume->device;
    }
    return part;
  }

  /// A copy whose answer was lost may have been made twice; one of them is enough.
  void leave_out_doubles() {
    if (!set_.copied_from) {
      return;
    }
    auto& all = set_.snapshots;
    std::ranges::sort(all, {}, [](const SetSnapshot& snapshot) {
      return std::tuple(snapshot.volume, snapshot.state != ec2::SnapshotState::completed,
                        snapshot.id);
    });
    const auto rest = std::ranges::unique(all, {}, &SetSnapshot::volume);
    all.erase(rest.begin(), rest.end());
  }

  void judge(const Result<std::string>& configuration) {
    for (const auto& snapshot : set_.snapshots) {
      if (snapshot.state == ec2::SnapshotState::error) {
        return found(SetState::failed, fmt::format("{} has failed{}{}", snapshot.id.str(),
                                                   snapshot.state_message.empty() ? "" : ": ",
                                                   printable(snapshot.state_message)));
      }
    }
    if (set_.image && set_.image->state == "failed") {
      return found(SetState::failed, set_.image->id.str() + " has failed");
    }
    if (!configuration) {
      return found(SetState::incomplete, configuration.error().message);
    }
    if (!set_.missing.empty()) {
      return found(SetState::incomplete,
                   fmt::format("{} has no snapshot", set_.missing.front().volume.str()));
    }
    if (set_.method == Method::image && !set_.image) {
      return found(SetState::incomplete, "its image is not there");
    }
    if (!std::ranges::all_of(set_.snapshots, [](const SetSnapshot& snapshot) {
          return snapshot.state == ec2::SnapshotState::completed;
        })) {
      return found(SetState::pending, "its snapshots are not complete yet");
    }
    if (set_.image && set_.image->state != "available") {
      return found(SetState::pending, set_.image->id.str() + " is not available yet");
    }
    set_.state = SetState::complete;
  }

  void found(SetState state, std::string flaw) {
    set_.state = state;
    set_.flaw = std::move(flaw);
  }

  std::vector<ec2::Snapshot> parts_;
  BackupSet set_;
};

bool is_of_a_backup(const ec2::Snapshot& snapshot) {
  return !tag_or_nothing(snapshot.tags, backup_tag_key).empty() &&
         !tag_or_nothing(snapshot.tags, "pitstop:instance").empty();
}

}  // namespace

std::string_view to_string(SetState state) {
  switch (state) {
    case SetState::complete:
      return "complete";
    case SetState::pending:
      return "pending";
    case SetState::incomplete:
      return "incomplete";
    case SetState::failed:
      return "failed";
  }
  unreachable();
}

ec2::Gibibytes BackupSet::size() const {
  std::int64_t sum = 0;
  for (const auto& snapshot : snapshots) {
    sum += static_cast<std::int64_t>(snapshot.size);
  }
  return ec2::Gibibytes(sum);
}

std::optional<std::int64_t> BackupSet::full_bytes() const {
  std::int64_t sum = 0;
  for (const auto& snapshot : snapshots) {
    if (!snapshot.full_bytes) {
      return std::nullopt;
    }
    sum += *snapshot.full_bytes;
  }
  return sum;
}

std::string copied_from_text(const SnapshotId& source, const CopyOrigin& origin) {
  return fmt::format("{} {} {}", source.str(), origin.region, origin.account);
}

std::optional<CopyOrigin> read_copied_from(std::string_view text) {
  const auto parts = split(text, ' ');
  if (parts.size() != 3) {
    return std::nullopt;
  }
  return CopyOrigin{std::string(parts[1]), std::string(parts[2])};
}

VolumeId volume_of(const ec2::Snapshot& snapshot) {
  const auto said = ec2::find_tag(snapshot.tags, volume_tag_key);
  return said ? VolumeId(*said) : snapshot.volume;
}

Result<CapturedServer> server_of(const BackupSet& set) {
  TRY(const auto json, unpack_configuration(set.tags));
  return read_configuration(json);
}

std::vector<BackupSet> sets_of(const std::vector<ec2::Snapshot>& snapshots,
                               const std::vector<ec2::Image>& images) {
  std::map<std::string, const ec2::Image*> image_of;
  for (const auto& image : images) {
    image_of[tag_or_nothing(image.tags, backup_tag_key)] = &image;
  }
  // A backup is of one server, whatever a tag says that was put on by hand.
  std::map<std::pair<std::string, std::string>, std::vector<ec2::Snapshot>> parts;
  for (const auto& snapshot : snapshots) {
    if (is_of_a_backup(snapshot)) {
      parts[{tag_or_nothing(snapshot.tags, backup_tag_key),
             tag_or_nothing(snapshot.tags, "pitstop:instance")}]
          .push_back(snapshot);
    }
  }
  std::vector<BackupSet> sets;
  for (auto& [key, of_set] : parts) {
    const auto image = image_of.find(key.first);
    Assembling assembling(std::move(of_set), image == image_of.end() ? nullptr : image->second);
    sets.push_back(assembling.run());
  }
  std::ranges::sort(sets, [](const BackupSet& a, const BackupSet& b) {
    return std::tie(b.taken, a.backup) < std::tie(a.taken, b.backup);
  });
  return sets;
}

}  // namespace pitstop
