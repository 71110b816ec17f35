#include "backup/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "backup/every_site.hpp"
#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "ec2/instances.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

Task<Result<std::vector<ec2::Instance>>> by_tags(ec2::Caller& caller, ec2::Tags tags) {
  // All but those that are gone: one that starts or stops at the moment is not to be overlooked.
  std::vector<ec2::Filter> filters{
      {"instance-state-name", {"running", "stopped", "pending", "stopping"}}};
  for (const auto& tag : tags) {
    filters.push_back({"tag:" + tag.key, {tag.value}});
  }
  CO_TRY(auto instances, co_await ec2::describe_instances(caller, {}, filters));
  std::ranges::sort(instances, {}, &ec2::Instance::id);
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

std::vector<InstanceId> without_repetitions(const std::vector<InstanceId>& ids) {
  std::vector<InstanceId> once;
  for (const auto& id : ids) {
    if (!contains(once, id)) {
      once.push_back(id);
    }
  }
  return once;
}

Task<Result<std::vector<SelectedServer>>> ask_site(ec2::Caller& caller, std::size_t site,
                                                   Selection selection) {
  auto asked = selection.ids.empty() ? by_tags(caller, std::move(selection.tags))
                                     : ec2::find_instances(caller, std::move(selection.ids));
  CO_TRY(auto instances, co_await std::move(asked));
  std::vector<std::string> ids;
  for (const auto& instance : instances) {
    ids.push_back(instance.id.str());
  }
  CO_TRY(auto volumes, co_await volumes_with(caller, "attachment.instance-id", std::move(ids)));
  std::vector<SelectedServer> servers;
  for (auto& instance : instances) {
    servers.push_back({.instance = std::move(instance), .volumes = {}, .site = site});
  }
  std::map<InstanceId, SelectedServer*> by_id;
  for (auto& server : servers) {
    by_id.emplace(server.instance.id, &server);
  }
  for (const auto& volume : volumes) {
    for (const auto& attachment : volume.attachments) {
      const auto holder = by_id.find(attachment.instance);
      if (holder != by_id.end()) {
        holder->second->volumes.push_back(volume);
      }
    }
  }
  co_return servers;
}

/// A run that works on a server twice would stand in its own way.
Status refuse_doubles(const std::vector<SelectedServer>& servers) {
  std::set<InstanceId> seen;
  for (const auto& server : servers) {
    if (!seen.insert(server.instance.id).second) {
      return fail(ErrorKind::usage,
                  fmt::format("{} is seen at two sites: they are the same account and region",
                              server.instance.id.str()),
                  "name one of them");
    }
  }
  return {};
}

/// In the order of the ids, each of which has to be there.
Status put_in_order(const std::vector<InstanceId>& ids, SelectedServers& selected) {
  std::map<InstanceId, std::size_t> places;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    places.emplace(ids[i], i);
  }
  const auto place_of = [&](const SelectedServer& server) { return places.at(server.instance.id); };
  std::ranges::sort(selected.servers, {}, place_of);
  for (const auto& server : selected.servers) {
    places.erase(server.instance.id);
  }
  if (places.empty()) {
    return {};
  }
  const auto missing = std::ranges::min_element(
      places, {}, [](const auto& id_and_place) { return id_and_place.second; });
  if (!selected.silent_sites.empty()) {
    return fail(std::move(selected.silent_sites.front().second));
  }
  return fail(ErrorKind::not_found, fmt::format("{} does not exist", missing->first.str()),
              "check the id, the region (--region) and the account (--profile)");
}

Status exclude(const std::vector<InstanceId>& excluded, SelectedServers& selected) {
  auto& servers = selected.servers;
  const auto id_of = [](const SelectedServer& server) { return server.instance.id; };
  for (const auto& id : excluded) {
    if (selected.silent_sites.empty() && !contains(servers, id, id_of)) {
      return fail(ErrorKind::usage, fmt::format("{} is excluded, and not selected", id.str()),
                  "check --exclude; it takes servers that would be backed up else");
    }
  }
  const auto all = servers.size();
  std::erase_if(servers,
                [&](const SelectedServer& server) { return contains(excluded, id_of(server)); });
  if (servers.empty() && all > 0) {
    return fail(ErrorKind::usage, "every server that is selected is excluded", "check --exclude");
  }
  return {};
}

}  // namespace

std::vector<ec2::Instance> instances_of(const std::vector<SelectedServer>& servers) {
  std::vector<ec2::Instance> instances;
  for (const auto& server : servers) {
    instances.push_back(server.instance);
  }
  return instances;
}

Task<Result<SelectedServers>> select_servers(std::vector<ec2::Caller*> sites, Selection selection) {
  selection.ids = without_repetitions(selection.ids);
  const auto ask = [selection](ec2::Caller& caller, std::size_t site) {
    return ask_site(caller, site, selection);
  };
  CO_TRY(auto answers, co_await ask_every_site<SelectedServer>(std::move(sites), ask));
  SelectedServers selected{std::move(answers.items), std::move(answers.silent_sites)};
  CO_TRY_STATUS(refuse_doubles(selected.servers));
  if (!selection.ids.empty()) {
    CO_TRY_STATUS(put_in_order(selection.ids, selected));
  } else if (selected.servers.empty() && !selected.silent_sites.empty()) {
    co_return fail(std::move(selected.silent_sites.front().second));
  } else if (selected.servers.empty()) {
    co_return fail(ErrorKind::not_found, "no instance is selected",
                   "check --tag, the region (--region) and the account (--profile)");
  }
  CO_TRY_STATUS(exclude(selection.excluded, selected));
  co_return selected;
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
