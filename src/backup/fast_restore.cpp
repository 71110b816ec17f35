#include "backup/fast_restore.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::int64_t gib_of_a_tib = 1024;

/// "It takes 60 minutes per TiB to optimize a snapshot" (EBS User Guide, "Check the fast snapshot
/// restore state").
constexpr Duration optimizing_a_tib = std::chrono::hours(1);

/// A volume takes a credit, of which there are none at first, and then at most 10 an hour; those of
/// a large snapshot come as slowly as it is optimized (EBS User Guide, "Volume creation credits").
constexpr Duration first_credit_at_least = std::chrono::minutes(6);

}  // namespace

std::vector<SnapshotId> FastRestorePlan::snapshots() const {
  std::vector<SnapshotId> ids;
  for (const auto& source : sources) {
    ids.push_back(source.snapshot);
  }
  return ids;
}

Duration FastRestorePlan::expected() const {
  Duration longest{};
  for (const auto& source : sources) {
    longest = std::max(longest, expected_of(source));
  }
  return longest;
}

std::string to_text(const FastRestorePlan& plan) {
  auto text = plan.restore.str();
  for (const auto& source : plan.sources) {
    text += ' ' + source.snapshot.str();
  }
  return text;
}

Duration expected_of(const FastRestoreSource& source) {
  const Duration optimizing =
      optimizing_a_tib * static_cast<std::int64_t>(source.size) / gib_of_a_tib;
  return std::max(optimizing, first_credit_at_least);
}

std::string disabling_by_hand(const SnapshotId& snapshot, const std::string& zone) {
  return fmt::format(
      "aws ec2 disable-fast-snapshot-restores --availability-zones {} --source-snapshot-ids {}",
      zone, snapshot.str());
}

std::string to_string(const FastRestoreTag& tag) {
  return fmt::format("{} {} {}", tag.restore.str(), tag.zone, rfc3339(tag.since));
}

std::optional<FastRestoreTag> fast_restore_in(const ec2::Tags& tags) {
  const auto value = ec2::find_tag(tags, fast_restore_tag_key).value_or("");
  const auto words = split(value, ' ');
  constexpr std::size_t all_words = 3;
  if (words.size() != all_words) {
    return std::nullopt;
  }
  const auto since = parse_rfc3339(words[2]);
  if (!since || words[0].empty() || words[1].empty()) {
    return std::nullopt;
  }
  return FastRestoreTag{RestoreId(std::string(words[0])), std::string(words[1]), *since};
}

}  // namespace pitstop
