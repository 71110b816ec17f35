#include "copy/sharing.hpp"

#include <fmt/format.h>

#include "base/contains.hpp"
#include "catalog/set_members.hpp"
#include "ec2/sharing.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

ec2::Tags mark_of(const std::string& account) {
  return {{shared_with_tag_key, account}};
}

ec2::Filter is_open_to(const std::string& account) {
  return {fmt::format("tag:{}", shared_with_tag_key), {account}};
}

/// Whether it may have been opened by a copy: those of backups are, and those of their images,
/// whose snapshots EC2 describes. What somebody else shares is closed for no tag.
bool is_of_a_server(const ec2::Snapshot& snapshot) {
  const auto instance = ec2::find_tag(snapshot.tags, "pitstop:instance").value_or("");
  return made_as_backup(snapshot).has_value() ||
         snapshot.description.starts_with(fmt::format("Created by CreateImage({})", instance));
}

/// The mark comes first: what is open without one would stay so.
Task<Status> open_one(ec2::Caller& from, SnapshotId snapshot, std::string account) {
  CO_TRY(const auto accounts, co_await ec2::accounts_with_access(from, snapshot));
  if (contains(accounts, account)) {
    co_return Status();
  }
  std::vector<std::string> resources{snapshot.str()};
  CO_TRY_STATUS(co_await ec2::create_tags(from, std::move(resources), mark_of(account)));
  auto shared = co_await ec2::share_snapshot(from, snapshot, account);
  if (!shared && shared.error().code == "OperationNotPermitted") {
    co_return fail(ErrorKind::refused,
                   fmt::format("{} cannot be opened to {}: {}", snapshot.str(), account,
                               shared.error().message),
                   "what is encrypted with the account's default key for EBS stays in the account: "
                   "take a customer managed key for the volumes, and let the other account use it");
  }
  co_return shared;
}

}  // namespace

Task<Status> open_to(CopyTools tools, BackupSet set, std::string account) {
  for (const auto& snapshot : set.snapshots) {
    CO_TRY_STATUS(co_await open_one(tools.from, snapshot.id, account));
  }
  co_return Status();
}

Task<Status> close_to(CopyTools tools, BackupId backup, std::string account) {
  std::vector<ec2::Filter> filters{is_open_to(account), {"tag:pitstop:backup", {backup.str()}}};
  CO_TRY(const auto open, co_await ec2::describe_snapshots(tools.from, {}, std::move(filters)));
  for (const auto& snapshot : open) {
    if (!is_of_a_server(snapshot)) {
      continue;
    }
    CO_TRY_STATUS(co_await ec2::unshare_snapshot(tools.from, snapshot.id, account));
    std::vector<std::string> resources{snapshot.id.str()};
    CO_TRY_STATUS(co_await ec2::delete_tags(tools.from, std::move(resources), mark_of(account)));
  }
  co_return Status();
}

Task<Result<std::vector<BackupId>>> open_backups_to(ec2::Caller& from, std::string account) {
  std::vector<ec2::Filter> filters{is_open_to(account), {"tag-key", {"pitstop:backup"}}};
  CO_TRY(const auto open, co_await ec2::describe_snapshots(from, {}, std::move(filters)));
  std::vector<BackupId> backups;
  for (const auto& snapshot : open) {
    if (!is_of_a_server(snapshot)) {
      continue;
    }
    BackupId backup(ec2::find_tag(snapshot.tags, "pitstop:backup").value_or(""));
    if (!contains(backups, backup)) {
      backups.push_back(std::move(backup));
    }
  }
  co_return backups;
}

}  // namespace pitstop
