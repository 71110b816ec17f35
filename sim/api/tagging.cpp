#include "sim/api/tagging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/characters.hpp"
#include "sim/api/ids.hpp"
#include "sim/cloud/images.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim {
namespace {

// AWS documents 128, and that of them EC2 takes 127 (EC2 API Reference, "Tag").
constexpr std::size_t longest_key = 127;
constexpr std::size_t longest_value = 256;
constexpr std::size_t most_tags = 50;

std::unexpected<ApiError> wrong_tag(std::string text) {
  return refuse("InvalidParameterValue", std::move(text));
}

Answer<void> check_number(const Tags& tags) {
  const auto counted =
      std::ranges::count_if(tags, [](const auto& tag) { return !tag.first.starts_with("aws:"); });
  if (static_cast<std::size_t>(counted) > most_tags) {
    return refuse("TagLimitExceeded",
                  "The maximum number of Tags for a resource has been reached.");
  }
  return {};
}

struct TaggedKind {
  const IdKind& ids;
  std::string_view type;
  Answer<Tags*> (*find)(Region& region, const std::string& id);
};

template <class Thing>
Answer<Tags*> tags_of(Answer<Thing*> found) {
  TRY(auto* const thing, std::move(found));
  return &thing->tags;
}

template <class Things>
Answer<Tags*> tags_in(Things& things, const IdKind& kind, const std::string& id) {
  const auto found = things.find(id);
  if (found == things.end()) {
    return not_found(kind, {id});
  }
  return &found->second.tags;
}

constexpr auto kinds = std::to_array<TaggedKind>({
    {allocation_ids, "elastic-ip",
     [](Region& region, const std::string& id) {
       return tags_in(region.addresses, allocation_ids, id);
     }},
    {capacity_reservation_ids, "capacity-reservation",
     [](Region& region, const std::string& id) {
       return tags_in(region.reservations, capacity_reservation_ids, id);
     }},
    {image_ids, "image",
     [](Region& region, const std::string& id) {
       return tags_of(find_image(region, ImageId(id)));
     }},
    {instance_ids, "instance",
     [](Region& region, const std::string& id) {
       return tags_of(find_instance(region, InstanceId(id)));
     }},
    {snapshot_ids, "snapshot",
     [](Region& region, const std::string& id) {
       return tags_of(find_snapshot(region, SnapshotId(id)));
     }},
    {volume_ids, "volume",
     [](Region& region, const std::string& id) {
       return tags_of(find_volume(region, VolumeId(id)));
     }},
});

const TaggedKind* kind_of(std::string_view id) {
  const auto found = std::ranges::find_if(
      kinds, [id](const TaggedKind& kind) { return id.starts_with(kind.ids.prefix); });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace

Answer<void> check_tag_key(const std::string& key) {
  if (key.empty()) {
    return wrong_tag("Tag key cannot be null or empty");
  }
  if (count_characters(key).value_or(longest_key + 1) > longest_key) {
    return wrong_tag(
        fmt::format("Tag key exceeds the maximum length of {} characters", longest_key));
  }
  if (lower_case(key).starts_with("aws:")) {
    return wrong_tag("Tag keys starting with 'aws:' are reserved for internal use");
  }
  return {};
}

Answer<Tags> read_tags(FormReader& form, const std::string& prefix) {
  Tags tags;
  for (const auto& item : form.items(prefix + "Tag")) {
    auto key = form.text(item + "Key");
    auto value = form.text(item + "Value");
    TRY_STATUS(check_tag_key(key));
    if (count_characters(value).value_or(longest_value + 1) > longest_value) {
      return wrong_tag(
          fmt::format("Tag value exceeds the maximum length of {} characters", longest_value));
    }
    const auto shown = printable(key);
    if (!tags.emplace(std::move(key), std::move(value)).second) {
      return wrong_tag(fmt::format("Duplicate tag key '{}' specified.", shown));
    }
  }
  TRY_STATUS(check_number(tags));
  return tags;
}

Answer<TagSpecifications> read_tag_specifications(FormReader& form,
                                                  std::initializer_list<std::string_view> types,
                                                  std::string_view name) {
  TagSpecifications specifications;
  for (const auto& item : form.items(name)) {
    const auto type = form.text(item + "ResourceType");
    if (type.empty()) {
      return wrong_tag("Tag specification resource type must have a value");
    }
    if (!contains(types, type)) {
      return wrong_tag(fmt::format("'{}' is not a valid taggable resource type for this operation.",
                                   printable(type)));
    }
    TRY(auto tags, read_tags(form, item));
    if (tags.empty()) {
      return wrong_tag("Tag specification must have at least one tag");
    }
    if (!specifications.emplace(type, std::move(tags)).second) {
      return wrong_tag(fmt::format("The resource type '{}' is specified more than once", type));
    }
  }
  return specifications;
}

Tags without_amazons(Tags tags) {
  std::erase_if(tags, [](const auto& tag) { return tag.first.starts_with("aws:"); });
  return tags;
}

Answer<Tags> with_tags(const Tags& tags, const Tags& others) {
  auto all = tags;
  for (const auto& [key, value] : others) {
    all.insert_or_assign(key, value);
  }
  TRY_STATUS(check_number(all));
  return all;
}

std::string_view resource_type(std::string_view id) {
  const auto* kind = kind_of(id);
  return kind == nullptr ? std::string_view() : kind->type;
}

Answer<Tags*> find_tags(Region& region, const std::string& id) {
  const auto* kind = kind_of(id);
  if (kind == nullptr) {
    return refuse("InvalidID", fmt::format("The ID '{}' is not valid", printable(id)));
  }
  TRY_STATUS(check_id(kind->ids, id));
  return kind->find(region, id);
}

}  // namespace pitstop::sim
