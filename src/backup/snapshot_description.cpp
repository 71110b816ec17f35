#include "backup/snapshot_description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "backup/outcome.hpp"
#include "backup/tag_keys.hpp"
#include "base/contains.hpp"
#include "base/packing.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::string_view maker = "pitstop";
constexpr std::string_view clause_of_copy = "copied from ";
constexpr std::string_view clause_of_digest = "tags sha256:";
constexpr std::string_view clause_of_pre_snapshot = "pre-snapshot ";

/// So much of it that nobody finds other tags with the same digest.
constexpr std::size_t digest_length = 32;

constexpr std::string_view configuration_prefix = "pitstop:config.";

/// Those that are read, and do not change while the snapshot is there.
constexpr std::array lasting_keys = {
    std::string_view("pitstop:backup"), std::string_view("pitstop:instance"),
    std::string_view("pitstop:policy"), std::string_view("pitstop:run"),
    std::string_view(reason_tag_key),   std::string_view(restore_tag_key),
    std::string_view(method_tag_key)};

/// Of the copy of one snapshot, too.
constexpr std::array keys_of_one = {std::string_view("pitstop:device"),
                                    std::string_view(volume_tag_key),
                                    std::string_view(copied_from_tag_key)};

constexpr std::string_view time_key = "pitstop:created";

/// Which of them: what all snapshots of a backup have, what they were all given, or that and what
/// was given to one.
enum class Covers { all_snapshots, common, one_snapshot };

bool is_covered(std::string_view key, Covers covers) {
  if (key == time_key) {
    return covers != Covers::all_snapshots;
  }
  return contains(lasting_keys, key) || key.starts_with(configuration_prefix) ||
         (covers == Covers::one_snapshot && contains(keys_of_one, key));
}

/// With lengths, so that no two lists of tags have one text.
std::string text_of(const ec2::Tags& tags, Covers covers) {
  ec2::Tags covered;
  std::ranges::copy_if(tags, std::back_inserter(covered),
                       [&](const ec2::Tag& tag) { return is_covered(tag.key, covers); });
  std::ranges::sort(covered, {}, &ec2::Tag::key);
  std::string text;
  for (const auto& tag : covered) {
    const auto value = trimmed(tag.value);
    text += fmt::format("{}:{}={}:{}\n", tag.key.size(), tag.key, value.size(), value);
  }
  return text;
}

std::string digest_of(const ec2::Tags& tags, Covers covers, std::string_view consistency) {
  const auto text = text_of(tags, covers) + fmt::format("consistency {}\n", consistency);
  return sha256_in_hexadecimal(text).substr(0, digest_length);
}

std::string consistency_in(const ec2::Tags& tags) {
  return ec2::find_tag(tags, consistency_tag_key).value_or("");
}

std::string with_digest(std::string description, const ec2::Tags& tags, Covers covers) {
  return fmt::format("{}, {}{}", description, clause_of_digest,
                     digest_of(tags, covers, consistency_in(tags)));
}

std::string first_words(std::string_view id, const InstanceId& instance) {
  return fmt::format("{} {} of {}", maker, id, instance.str());
}

std::string first_words_of_copy(const BackupId& backup, const InstanceId& instance,
                                std::string_view region) {
  return fmt::format("{}, {}{}", first_words(backup.str(), instance), clause_of_copy, region);
}

bool read_first_words(std::string_view text, SnapshotDescription& description) {
  const auto words = split(text, ' ');
  constexpr std::size_t all_words = 4;
  if (words.size() != all_words || words[0] != maker || words[2] != "of" ||
      !words[3].starts_with("i-")) {
    return false;
  }
  description.instance = InstanceId(std::string(words[3]));
  if (words[1].starts_with("b-")) {
    description.backup = BackupId(std::string(words[1]));
  } else if (words[1].starts_with("r-")) {
    description.run = RunId(std::string(words[1]));
  }
  return !description.backup.empty() || !description.run.empty();
}

bool read_clause(std::string_view clause, SnapshotDescription& description) {
  if (clause.starts_with(clause_of_copy)) {
    description.kind = SnapshotDescription::Kind::copy;
    description.copied_from = clause.substr(clause_of_copy.size());
    return true;
  }
  if (clause.starts_with(clause_of_digest)) {
    description.digest = clause.substr(clause_of_digest.size());
    return description.digest.size() == digest_length;
  }
  if (!clause.starts_with(clause_of_pre_snapshot)) {
    return false;
  }
  description.kind = SnapshotDescription::Kind::pre_snapshot;
  description.backup = BackupId(std::string(clause.substr(clause_of_pre_snapshot.size())));
  return description.backup.str().starts_with("b-");
}

}  // namespace

std::string describe_backup(const BackupId& backup, const InstanceId& instance,
                            const ec2::Tags& tags) {
  return with_digest(first_words(backup.str(), instance), tags, Covers::common);
}

std::string describe_pre_snapshot(const RunId& run, const InstanceId& instance,
                                  const BackupId& backup, const ec2::Tags& tags) {
  auto description = fmt::format("{}, {}{}", first_words(run.str(), instance),
                                 clause_of_pre_snapshot, backup.str());
  return with_digest(std::move(description), tags, Covers::common);
}

std::string describe_copy(const BackupId& backup, const InstanceId& instance,
                          std::string_view region, const ec2::Tags& tags) {
  return with_digest(first_words_of_copy(backup, instance, region), tags, Covers::one_snapshot);
}

std::string describe_image_copy(const BackupId& backup, const InstanceId& instance,
                                std::string_view region, const ec2::Tags& tags) {
  return with_digest(first_words_of_copy(backup, instance, region), tags, Covers::common);
}

std::optional<SnapshotDescription> parse_snapshot_description(std::string_view text) {
  SnapshotDescription description;
  const auto clauses = split(text, ',');
  if (clauses.empty() || !read_first_words(clauses.front(), description)) {
    return std::nullopt;
  }
  for (std::size_t i = 1; i < clauses.size(); ++i) {
    if (!read_clause(trimmed(clauses[i]), description)) {
      return std::nullopt;
    }
  }
  const bool is_pre_snapshot = description.kind == SnapshotDescription::Kind::pre_snapshot;
  return is_pre_snapshot == !description.run.empty() ? std::optional(std::move(description))
                                                     : std::nullopt;
}

bool has_tags_as_made(const SnapshotDescription& description, const ec2::Tags& tags,
                      bool of_image) {
  const bool is_of_one = description.kind == SnapshotDescription::Kind::copy && !of_image;
  const auto covers = is_of_one ? Covers::one_snapshot : Covers::common;
  const auto fits = [&](std::string_view consistency) {
    return digest_of(tags, covers, consistency) == description.digest;
  };
  const auto now = consistency_in(tags);
  return fits(now) ||
         (now == to_string(Consistency::crash) && fits(to_string(Consistency::at_rest))) ||
         (now == to_string(Consistency::frozen) && fits(to_string(Consistency::crash)));
}

std::string common_text(const ec2::Tags& tags) {
  return text_of(tags, Covers::all_snapshots);
}

}  // namespace pitstop
