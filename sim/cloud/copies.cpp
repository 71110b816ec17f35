#include "sim/cloud/copies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"

namespace pitstop::sim {
namespace {

/// At most so many in progress in a region (EBS quotas, "Concurrent snapshot copies per destination
/// Region").
constexpr std::ptrdiff_t most_copies = 20;

/// EBS looks at keys when a copy has long been accepted.
constexpr Duration until_keys_are_tried = Seconds(10);

Answer<void> may_begin_another(const Region& region) {
  const auto in_progress = std::ranges::count_if(
      region.snapshots, [](const auto& each) { return each.second.is_copy && !each.second.ended; });
  if (in_progress >= most_copies) {
    return refuse("ResourceLimitExceeded",
                  fmt::format("Too many snapshot copies in progress. The limit is {} for this "
                              "destination region.",
                              most_copies));
  }
  return {};
}

/// A key that the region does not know is not one that is known to be closed.
bool can_be_read(const Region& there, const Snapshot& source) {
  const auto* key = source.encrypted ? find_key(there, source.kms_key) : nullptr;
  return key == nullptr || key->enabled();
}

/// Makes it `pending`, and lets it go on by itself.
SnapshotId begin_copy(Region& region, const Region& there, const Snapshot& source,
                      const SnapshotCopy& asked) {
  Snapshot copy;
  copy.id = SnapshotId(region.new_id("snap"));
  // EC2 names no volume for a copy.
  copy.volume = VolumeId("vol-ffffffff");
  copy.is_copy = true;
  copy.size_gib = source.size_gib;
  copy.description = asked.specification.description;
  copy.tags = asked.specification.tags;
  copy.encrypted = asked.encrypted || source.encrypted;
  copy.billing = source.billing;
  copy.created = region.now();
  copy.caught = source.caught;
  copy.bytes_to_copy = source.full_bytes;
  copy.full_bytes = source.full_bytes;
  copy.speaks_from = region.now();
  const auto length = copying_time(copy.bytes_to_copy, region.snapshot_pace.mib_per_second);
  copy.copying = {region.now(), region.now() + length / 100, region.now() + length};
  bool can_be_written = true;
  if (copy.encrypted) {
    const auto key = asked.kms_key.empty() ? std::optional(key_of_ebs(region))
                                           : find_any_key(region, asked.kms_key);
    copy.kms_key = key ? arn_of(region, *key) : key_arn(region, asked.kms_key);
    can_be_written = key && key->enabled();
  }
  const auto id = copy.id;
  region.snapshots.emplace(id, std::move(copy));
  if (can_be_written && can_be_read(there, source)) {
    region.schedule.after(length, [&region, id] { complete_snapshot(region, id); });
  } else {
    region.schedule.after(until_keys_are_tried, [&region, id] {
      fail_snapshot(region, id, "Given key ID is not accessible");
    });
  }
  return id;
}

/// As seen in the descriptions of what CopyImage makes.
std::string description_of(const ImageId& image, const ImageId& source,
                           const SnapshotId& snapshot) {
  return fmt::format("Copied for DestinationAmi {} from SourceAmi {} for SourceSnapshot {}.",
                     image.str(), source.str(), snapshot.str());
}

}  // namespace

Answer<SnapshotId> copy_snapshot(Region& region, const Region& there, const Snapshot& source,
                                 const SnapshotCopy& copy) {
  if (source.state_at(region.now()) != SnapshotState::completed) {
    return refuse("IncorrectState",
                  fmt::format("The snapshot '{}' is not completed.", source.id.str()));
  }
  TRY_STATUS(may_begin_another(region));
  return begin_copy(region, there, source, copy);
}

Answer<ImageId> copy_image(Region& region, const Region& there, const Image& source,
                           const ImageCopy& copy, Tags tags) {
  const auto state = image_state(there, source, region.now());
  if (state != "available") {
    return refuse("InvalidAMIID.Unavailable",
                  fmt::format("The AMI ID '{}' is currently {} and may not be used for this "
                              "operation",
                              source.id.str(), state));
  }
  TRY_STATUS(name_is_free(region, copy.name));
  auto image = source;
  image.id = ImageId(region.new_id("ami"));
  image.name = copy.name;
  image.description = copy.description;
  image.tags = std::move(tags);
  image.created = region.now();
  image.copy = copy;
  for (auto& mapped : image.volumes) {
    const auto& snapshot = there.snapshots.at(mapped.snapshot);
    const auto description = description_of(image.id, source.id, snapshot.id);
    mapped.snapshot = begin_copy(region, there, snapshot,
                                 {{description, copy.snapshot_tags}, copy.encrypted, copy.kms_key});
  }
  const auto id = image.id;
  region.images.emplace(id, std::move(image));
  return id;
}

Answer<std::optional<ImageId>> copied_before(const Region& region, const ImageCopy& copy) {
  if (copy.client_token.empty()) {
    return std::nullopt;
  }
  for (const auto& [id, image] : region.images) {
    if (!image.copy || image.copy->client_token != copy.client_token) {
      continue;
    }
    if (*image.copy != copy) {
      return refuse("IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in "
                    "previous request(s).");
    }
    return id;
  }
  return std::nullopt;
}

}  // namespace pitstop::sim
