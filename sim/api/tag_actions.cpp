#include <array>

#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/tagging.hpp"
#include "sim/api/visible.hpp"

namespace pitstop::sim::actions {
namespace {

constexpr std::size_t most_resources = 1000;

Answer<std::vector<std::string>> read_resources(FormReader& form) {
  TRY(auto ids, form.required_list("ResourceId"));
  if (ids.size() > most_resources) {
    return refuse("InvalidParameterValue", "At most 1000 resources can be specified");
  }
  return ids;
}

/// The tags of all of them, or the first refusal: nothing is done by halves.
Answer<std::vector<Tags*>> find_all(Region& region, const std::vector<std::string>& ids) {
  std::vector<Tags*> all;
  for (const auto& id : ids) {
    TRY(auto* const tags, find_tags(region, id));
    all.push_back(tags);
  }
  return all;
}

struct SeenTag {
  std::string_view resource;
  std::string_view key;
  std::string_view value;
};

void offer_resource(const SeenTag& tag, Match& match) {
  match.offer(tag.resource);
}

constexpr auto tag_filters = std::to_array<FilterRow<SeenTag>>({
    {"key", [](const auto& t, auto& m) { m.offer(t.key); }},
    {"resource-id", offer_resource},
    {"resource-type", [](const auto& t, auto& m) { m.offer(resource_type(t.resource)); }},
    {"value", [](const auto& t, auto& m) { m.offer(t.value); }},
});

void write_tag(xml::Element item, const SeenTag& tag) {
  xml::put(item, "resourceId", tag.resource);
  xml::put(item, "resourceType", resource_type(tag.resource));
  xml::put(item, "key", tag.key);
  xml::put(item, "value", tag.value);
}

/// By resource and key, with a line between: no id has one, and keys sort below it.
using SeenTags = std::map<std::string, SeenTag>;

void collect(SeenTags& all, std::string_view id, const Tags& tags) {
  for (const auto& [key, value] : tags) {
    all.emplace(std::string(id) + '\n' + key, SeenTag{id, key, value});
  }
}

template <class Things>
void collect_all(SeenTags& all, const Things& things, Instant seen) {
  for (const auto& [id, thing] : things) {
    if (is_there(thing, seen)) {
      collect(all, text_of(id), thing.tags);
    }
  }
}

SeenTags tags_in(const Region& region, Instant seen) {
  SeenTags all;
  collect_all(all, region.instances, seen);
  collect_all(all, region.volumes, seen);
  collect_all(all, region.snapshots, seen);
  collect_all(all, region.images, seen);
  collect_all(all, region.addresses, seen);
  collect_all(all, region.reservations, seen);
  return all;
}

struct Unwanted {
  std::string key;
  std::optional<std::string> value;  ///< absent: whatever it is
};

void remove(Tags& tags, const std::vector<Unwanted>& unwanted) {
  for (const auto& [key, value] : unwanted) {
    const auto found = tags.find(key);
    if (found != tags.end() && (!value || *value == found->second)) {
      tags.erase(found);
    }
  }
}

}  // namespace

Answer<void> create_tags(ActionCall& call) {
  TRY(const auto ids, read_resources(call.form));
  TRY(const auto tags, read_tags(call.form));
  if (tags.empty()) {
    return refuse("MissingParameter", "The request must contain the parameter Tag");
  }
  TRY_STATUS(call.admit());
  TRY(const auto tagged, find_all(call.region, ids));
  std::vector<Tags> changed;
  for (const auto* each : tagged) {
    TRY(auto all, with_tags(*each, tags));
    changed.push_back(std::move(all));
  }
  for (std::size_t i = 0; i < tagged.size(); ++i) {
    *tagged[i] = changed[i];
  }
  xml::put_success(call.answer);
  return {};
}

Answer<void> delete_tags(ActionCall& call) {
  TRY(const auto ids, read_resources(call.form));
  std::vector<Unwanted> unwanted;
  for (const auto& item : call.form.items("Tag")) {
    TRY(auto key, call.form.required(item + "Key"));
    TRY_STATUS(check_tag_key(key));
    unwanted.push_back({std::move(key), call.form.optional_text(item + "Value")});
  }
  TRY_STATUS(call.admit());
  TRY(const auto tagged, find_all(call.region, ids));
  for (auto* tags : tagged) {
    if (unwanted.empty()) {
      std::erase_if(*tags, [](const auto& tag) { return !tag.first.starts_with("aws:"); });
    }
    remove(*tags, unwanted);
  }
  xml::put_success(call.answer);
  return {};
}

Answer<void> describe_tags(ActionCall& call) {
  // There is no parameter for ids.
  const Catalogue<SeenTag> catalogue{"", {}, tag_filters, "tagSet", write_tag};
  const auto all = tags_in(call.region, call.seen);
  return describe(call, catalogue, all, [](const SeenTag& tag) { return std::optional(tag); });
}

}  // namespace pitstop::sim::actions
