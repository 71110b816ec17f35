#include "catalog/find_backups.hpp"

#include "backup/plan.hpp"
#include "backup/policy_names.hpp"
#include "base/chunks.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

/// What snapshots and images of backups have in common.
std::vector<std::vector<ec2::Filter>> questions_for(const BackupSearch& search) {
  return narrowed_to(search,
                     search.backup
                         ? std::vector<ec2::Filter>{{"tag:pitstop:backup", {search.backup->str()}}}
                         : std::vector<ec2::Filter>{{"tag-key", {"pitstop:backup"}}});
}

Task<Result<std::vector<BackupSet>>> find_at_site(ec2::Caller& caller, std::size_t site,
                                                  BackupSearch search) {
  std::vector<ec2::Snapshot> snapshots;
  std::vector<ec2::Image> images;
  for (const auto& filters : questions_for(search)) {
    CO_TRY(auto some, co_await ec2::describe_snapshots(caller, {}, filters));
    std::ranges::move(some, std::back_inserter(snapshots));
  }
  // Few have any: only then is there something to ask for.
  const bool has_images = std::ranges::any_of(snapshots, [](const ec2::Snapshot& snapshot) {
    return ec2::find_tag(snapshot.tags, method_tag_key).has_value();
  });
  if (has_images) {
    for (const auto& filters : questions_for(search)) {
      CO_TRY(auto some, co_await ec2::describe_images(caller, {}, filters));
      std::ranges::move(some, std::back_inserter(images));
    }
  }
  auto sets = sets_of(snapshots, images);
  for (auto& set : sets) {
    set.site = site;
  }
  co_return sets;
}

}  // namespace

std::vector<std::vector<ec2::Filter>> narrowed_to(const BackupSearch& search,
                                                  std::vector<ec2::Filter> common) {
  if (search.policy) {
    common.push_back({"tag:pitstop:policy", filter_values_of_policy(*search.policy)});
  }
  if (search.instances.empty()) {
    return {common};
  }
  std::vector<std::string> ids;
  for (const auto& instance : search.instances) {
    ids.push_back(instance.str());
  }
  std::vector<std::vector<ec2::Filter>> questions;
  for (const auto& part : chunks(ids, ec2::most_filter_values)) {
    questions.push_back(common);
    questions.back().push_back({"tag:pitstop:instance", part});
  }
  return questions;
}

Task<Result<FromSites<BackupSet>>> find_backups(std::vector<ec2::Caller*> sites,
                                                BackupSearch search) {
  const auto ask = [search](ec2::Caller& caller, std::size_t site) {
    return find_at_site(caller, site, search);
  };
  return ask_every_site<BackupSet>(std::move(sites), ask);
}

}  // namespace pitstop
