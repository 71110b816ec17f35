#include "catalog/backup_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "backup/plan.hpp"
#include "backup/tag_keys.hpp"
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
std::optional<Consistency> worst_of(const std::vector<SetMember>& members) {
  std::optional<Consistency> worst;
  for (const auto& member : members) {
    const auto claimed =
        parse_consistency(tag_or_nothing(member.snapshot.tags, consistency_tag_key));
    if (!claimed) {
      return std::nullopt;
    }
    if (!worst || claimed == Consistency::crash) {
      worst = claimed;
    }
  }
  return worst;
}

/// When EC2 began the first of them; the tag says it of copies, which are younger than what they
/// are copies of, and where EC2 does not say. Nothing was taken later than EC2 has it.
WallTime taken_at(const std::vector<const ec2::Snapshot*>& snapshots, bool is_copy) {
  std::optional<WallTime> first;
  for (const auto* snapshot : snapshots) {
    if (snapshot->started && (!first || *snapshot->started < *first)) {
      first = snapshot->started;
    }
  }
  const auto said = parse_rfc3339(tag_or_nothing(snapshots.front()->tags, "pitstop:created"));
  const bool counts = said && (!first || (is_copy && *said < *first));
  return counts ? *said : first.value_or(WallTime());
}

/// A backup's snapshots, of which tags say that they are its, and all images that do.
struct Claimed {
  std::vector<ec2::Snapshot> snapshots;
  std::vector<const ec2::Image*> images;
};

class Assembling {
 public:
  Assembling(BackupId backup, InstanceId instance, const Claimed& claimed)
      : claimed_(claimed),
        members_(members_of(backup, instance, claimed.snapshots, claimed.images)) {
    set_.backup = std::move(backup);
    set_.instance = std::move(instance);
  }

  BackupSet run() {
    const auto all = what_tells();
    take_tags_of(*all.front());
    set_.taken = taken_at(all, set_.copied_from.has_value());
    set_.consistency = worst_of(members_.chosen);
    set_.has_proven_tags = has_proven_tags(members_);
    set_.is_pitstops = !members_.chosen.empty() &&
                       std::ranges::all_of(members_.chosen, [](const SetMember& member) {
                         return member.made_as.has_value();
                       });
    set_.left_out = members_.left_out;
    if (members_.image != nullptr) {
      set_.image = *members_.image;
    }
    const auto configuration = unpack_configuration(set_.tags);
    choose_name(configuration);
    add_snapshots(configuration ? captured_volumes(*configuration) : std::vector<CapturedVolume>());
    if (auto why = contradiction_in(set_.backup, set_.instance, members_); !why.empty()) {
      doubt(set_, std::move(why));
    } else {
      judge(configuration);
    }
    return std::move(set_);
  }

 private:
  /// Where there is nothing of pitstop's, what was left out tells of itself.
  std::vector<const ec2::Snapshot*> what_tells() const {
    std::vector<const ec2::Snapshot*> all;
    for (const auto& member : members_.chosen) {
      all.push_back(&member.snapshot);
    }
    for (const auto& snapshot : claimed_.snapshots) {
      if (members_.chosen.empty()) {
        all.push_back(&snapshot);
      }
    }
    return all;
  }

  void take_tags_of(const ec2::Snapshot& first) {
    const auto& tags = first.tags;
    set_.run = RunId(tag_or_nothing(tags, "pitstop:run"));
    set_.name = tag_or_nothing(tags, "Name");  // if nothing more is known of its server
    set_.policy = tag_or_nothing(tags, "pitstop:policy");
    set_.method = parse_method(tag_or_nothing(tags, method_tag_key)).value_or(Method::snapshots);
    if (tag_or_nothing(tags, reason_tag_key) == reason_before_restore) {
      set_.before_restore = RestoreId(tag_or_nothing(tags, restore_tag_key));
    }
    set_.tags = tags;
    set_.description = first.description;
    if (!members_.chosen.empty() && members_.chosen.front().is_copy) {
      take_origin_of(members_.chosen.front());
    }
  }

  /// A snapshot has the name of its volume, if that has any.
  void choose_name(const Result<std::string>& configuration) {
    if (!configuration) {
      return;
    }
    if (const auto server = read_configuration(*configuration)) {
      set_.name = server->instance.name().value_or(set_.instance.str());
    }
  }

  /// The region is part of what it was made as; the account is what the tag says.
  void take_origin_of(const SetMember& copy) {
    set_.copied_from = read_copied_from(tag_or_nothing(copy.snapshot.tags, copied_from_tag_key))
                           .value_or(CopyOrigin{"unknown", "unknown"});
    if (copy.made_as) {
      set_.copied_from->region = copy.made_as->copied_from;
    }
  }

  void add_snapshots(const std::vector<CapturedVolume>& captured) {
    for (const auto& member : members_.chosen) {
      set_.snapshots.push_back(to_set_snapshot(member, captured));
    }
    for (const auto& member : members_.doubles) {
      set_.doubles.push_back(to_set_snapshot(member, captured));
    }
    std::ranges::sort(set_.snapshots, {}, [](const SetSnapshot& snapshot) {
      return std::pair(snapshot.device, snapshot.id);
    });
    for (const auto& volume : captured) {
      if (!contains(set_.snapshots, volume.volume, &SetSnapshot::volume)) {
        set_.missing.push_back(volume);
      }
    }
  }

  /// Which device it has the configuration tells, which is proven, before its own tag, which is
  /// not.
  static SetSnapshot to_set_snapshot(const SetMember& member,
                                     const std::vector<CapturedVolume>& captured) {
    const auto& snapshot = member.snapshot;
    SetSnapshot part{.id = snapshot.id,
                     .volume = member.volume,
                     .owner = snapshot.owner,
                     .device = {},
                     .state = snapshot.state,
                     .state_message = snapshot.state_message,
                     .progress = snapshot.progress,
                     .size = snapshot.size,
                     .full_bytes = snapshot.full_bytes,
                     .encrypted = snapshot.encrypted,
                     .is_archived = snapshot.storage_tier == "archive" && !snapshot.usable_until,
                     .name = tag_or_nothing(snapshot.tags, "Name")};
    std::ranges::copy_if(snapshot.tags, std::back_inserter(part.volume_tags),
                         [](const ec2::Tag& tag) { return !is_reserved_tag(tag.key); });
    const auto volume = std::ranges::find(captured, part.volume, &CapturedVolume::volume);
    part.device = volume != captured.end() && !volume->device.empty()
                      ? volume->device
                      : tag_or_nothing(snapshot.tags, "pitstop:device");
    return part;
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
      return found(set_.has_proven_tags ? SetState::incomplete : SetState::suspect,
                   configuration.error().message);
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
    if (const auto archived = std::ranges::find(set_.snapshots, true, &SetSnapshot::is_archived);
        archived != set_.snapshots.end()) {
      return found(SetState::archived, archived->id.str() + " is in the archive tier");
    }
    set_.state = SetState::complete;
  }

  void found(SetState state, std::string flaw) {
    set_.state = state;
    set_.flaw = std::move(flaw);
  }

  const Claimed& claimed_;
  SetMembers members_;
  BackupSet set_;
};

using SetKey = std::pair<std::string, std::string>;

/// The backup and the server that it was made for; where it was made for none, that of its tags. A
/// backup is of one server, whatever a tag says that was put on by hand.
std::optional<SetKey> key_of(const ec2::Snapshot& snapshot) {
  const auto backup = ec2::find_tag(snapshot.tags, backup_tag_key);
  const auto made_as = made_as_backup(snapshot);
  if (made_as && (backup || !made_as->digest.empty())) {
    return SetKey(made_as->backup.str(), made_as->instance.str());
  }
  auto instance = tag_or_nothing(snapshot.tags, "pitstop:instance");
  if (!backup || backup->empty() || instance.empty()) {
    return std::nullopt;
  }
  return SetKey(*backup, std::move(instance));
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
    case SetState::archived:
      return "archived";
    case SetState::suspect:
      return "suspect";
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

Result<CapturedServer> server_of(const BackupSet& set) {
  TRY(const auto json, unpack_configuration(set.tags));
  return read_configuration(json);
}

void doubt(BackupSet& set, std::string why) {
  if (set.state != SetState::suspect) {
    set.state = SetState::suspect;
    set.flaw = std::move(why);
  }
}

std::vector<BackupSet> sets_of(const std::vector<ec2::Snapshot>& snapshots,
                               const std::vector<ec2::Image>& images) {
  std::map<SetKey, Claimed> claimed;
  for (const auto& snapshot : snapshots) {
    if (auto key = key_of(snapshot)) {
      claimed[*std::move(key)].snapshots.push_back(snapshot);
    }
  }
  for (const auto& image : images) {
    const auto made_as = made_as_backup(image);
    const auto known =
        made_as ? claimed.find({made_as->backup.str(), made_as->instance.str()}) : claimed.end();
    if (known != claimed.end()) {
      known->second.images.push_back(&image);
    }
  }
  std::vector<BackupSet> sets;
  for (const auto& [key, of_set] : claimed) {
    Assembling assembling(BackupId(key.first), InstanceId(key.second), of_set);
    sets.push_back(assembling.run());
  }
  std::ranges::sort(sets, [](const BackupSet& a, const BackupSet& b) {
    return std::tie(b.taken, a.backup) < std::tie(a.taken, b.backup);
  });
  return sets;
}

}  // namespace pitstop
