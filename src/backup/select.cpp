#include "backup/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "ec2/instances.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

Task<Result<std::vector<ec2::Instance>>> by_id(ec2::Caller& caller, std::vector<InstanceId> ids) {
  std::map<InstanceId, ec2::Instance> known;
  for (const auto& part : chunks(ids, ec2::most_filter_values)) {
    CO_TRY(const auto described, co_await ec2::describe_instances(caller, part, {}));
    for (const auto& instance : described) {
      known.emplace(instance.id, instance);
    }
  }
  std::vector<ec2::Instance> instances;
  for (const auto& id : ids) {
    const auto found = known.find(id);
    if (found == known.end()) {
      co_return fail(ErrorKind::not_found, fmt::format("{} does not exist", id.str()),
                     "check the id, the region (--region) and the account (--profile)");
    }
    instances.push_back(found->second);
  }
  co_return instances;
}

Task<Result<std::vector<ec2::Instance>>> by_tags(ec2::Caller& caller, ec2::Tags tags) {
  std::vector<ec2::Filter> filters{{"instance-state-name", {"running", "stopped"}}};
  for (const auto& tag : tags) {
    filters.push_back({"tag:" + tag.key, {tag.value}});
  }
  CO_TRY(auto instances, co_await ec2::describe_instances(caller, {}, filters));
  std::ranges::sort(instances, {}, &ec2::Instance::id);
  if (instances.empty()) {
    co_return fail(ErrorKind::not_found, "no running or stopped instance is selected",
                   "check --tag, the region (--region) and the account (--profile)");
  }
  co_return instances;
}

/// By filter, for one id that is unknown would fail a whole Describe.
Task<Result<std::vector<ec2::Volume>>> volumes_with(ec2::Caller& caller, std::string filter,
                                                    std::vector<std::string> values) {
  std::vector<ec2::Volume> volumes;
  for (const auto& part : chunks(values, ec2::most_filter_values)) {
    std::vector<ec2::Filter> filters{{filter, part}};
    CO_TRY(auto described, co_await ec2::describe_volumes(caller, {}, filters));
    std::ranges::move(described, std::back_inserter(volumes));
  }
  co_return volumes;
}

Status exclude(const std::vector<InstanceId>& excluded, std::vector<ec2::Instance>& instances) {
  for (const auto& id : excluded) {
    if (!contains(instances, id, &ec2::Instance::id)) {
      return fail(ErrorKind::usage, fmt::format("{} is excluded, and not selected", id.str()),
                  "check --exclude; it takes servers that would be backed up else");
    }
  }
  std::erase_if(instances, [&](const auto& instance) { return contains(excluded, instance.id); });
  if (instances.empty()) {
    return fail(ErrorKind::usage, "every server that is selected is excluded", "check --exclude");
  }
  return {};
}

std::vector<InstanceId> without_repetitions(const std::vector<InstanceId>& ids) {
  std::vector<InstanceId> once;
  for (const auto& id : ids) {
    if (!contains(once, id)) {
      once.push_back(id);
    }
  }
  return once;
}

}  // namespace

Task<Result<std::vector<SelectedServer>>> select_servers(ec2::Caller& caller, Selection selection) {
  auto ids = without_repetitions(selection.ids);
  auto asked = ids.empty() ? by_tags(caller, selection.tags) : by_id(caller, std::move(ids));
  CO_TRY(auto instances, co_await std::move(asked));
  CO_TRY_STATUS(exclude(without_repetitions(selection.excluded), instances));
  std::vector<std::string> instance_ids;
  for (const auto& instance : instances) {
    instance_ids.push_back(instance.id.str());
  }
  CO_TRY(const auto volumes,
         co_await volumes_with(caller, "attachment.instance-id", std::move(instance_ids)));
  std::vector<SelectedServer> servers;
  for (const auto& instance : instances) {
    SelectedServer server{.instance = instance, .volumes = {}};
    for (const auto& volume : volumes) {
      if (contains(volume.attachments, instance.id, &ec2::VolumeAttachment::instance)) {
        server.volumes.push_back(volume);
      }
    }
    servers.push_back(std::move(server));
  }
  co_return servers;
}

Task<Status> add_volumes(ec2::Caller& caller, std::vector<VolumeId> ids, SelectedServer& server) {
  std::vector<std::string> asked;
  for (const auto& id : ids) {
    if (!contains(server.volumes, id, &ec2::Volume::id)) {
      asked.push_back(id.str());
    }
  }
  CO_TRY(auto described, co_await volumes_with(caller, "volume-id", std::move(asked)));
  std::ranges::move(described, std::back_inserter(server.volumes));
  co_return Status();
}

}  // namespace pitstop
