#include "backup/shared_options.hpp"

#include <algorithm>

#include "backup/policy_names.hpp"
#include "base/check.hpp"
#include "base/contains.hpp"

namespace pitstop {
namespace {

template <class Thing>
void add_new(std::vector<Thing>& all, const std::vector<Thing>& more) {
  for (const auto& thing : more) {
    if (!contains(all, thing)) {
      all.push_back(thing);
    }
  }
}

void add_tags(ec2::Tags& all, const ec2::Tags& more) {
  for (const auto& tag : more) {
    if (!contains(all, tag.key, &ec2::Tag::key)) {
      all.push_back(tag);
    }
  }
}

void make_room_for(BackupOptions& shared, const BackupOptions& other) {
  std::erase_if(shared.exclude_volumes,
                [&](const VolumeId& volume) { return !contains(other.exclude_volumes, volume); });
  add_new(shared.detached_volumes, other.detached_volumes);
  add_new(shared.accepted, other.accepted);
  add_tags(shared.set_tags, other.set_tags);
  if (shared.guard_role.empty()) {
    shared.guard_role = other.guard_role;
  }
  shared.reserve_capacity |= other.reserve_capacity;
  shared.standby |= other.standby;
  shared.drain |= other.drain;
  shared.wait_pending |= other.wait_pending;
  shared.wait |= other.wait;
  shared.max_downtime = std::min(shared.max_downtime, other.max_downtime);
  if (other.begin_before) {
    shared.begin_before =
        std::min(shared.begin_before.value_or(*other.begin_before), *other.begin_before);
  }
}

}  // namespace

BackupOptions options_for_all(const std::vector<BackupOptions>& of_policies) {
  CHECK(!of_policies.empty());
  const auto stopping = std::ranges::find(of_policies, Approach::stop, &BackupOptions::approach);
  auto shared = stopping == of_policies.end() ? of_policies.front() : *stopping;
  std::vector<std::string> names;
  for (const auto& options : of_policies) {
    make_room_for(shared, options);
    names.push_back(options.policy);
  }
  shared.policy = join_policies(names);
  return shared;
}

}  // namespace pitstop
