// Who else may copy a snapshot: its one attribute, createVolumePermission.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/visible.hpp"
#include "sim/cloud/snapshots.hpp"

namespace pitstop::sim::actions {
namespace {

/// EC2 API Reference, "ModifySnapshotAttribute".
constexpr std::size_t most_changes = 500;

Answer<void> check_attribute(const std::string& name) {
  if (name != "createVolumePermission") {
    return refuse("InvalidParameterValue",
                  fmt::format("Value ({}) for parameter attribute is invalid. Unknown attribute.",
                              printable(name)));
  }
  return {};
}

Answer<void> check_accounts(const std::vector<std::string>& accounts) {
  constexpr std::size_t digits = 12;
  for (const auto& account : accounts) {
    if (account.size() != digits || account.find_first_not_of("0123456789") != std::string::npos) {
      return refuse("InvalidUserID.Malformed",
                    fmt::format("Invalid user id: {}", in_quotes(account)));
    }
  }
  if (accounts.size() > most_changes) {
    return refuse(
        "InvalidParameterValue",
        fmt::format("At most {} accounts can be added or removed at once.", most_changes));
  }
  return {};
}

/// "CreateVolumePermission.Add.1.UserId=…"
std::vector<std::string> accounts_in(FormReader& form, std::string_view list) {
  std::vector<std::string> accounts;
  for (const auto& item : form.items(list)) {
    accounts.push_back(form.text(item + "UserId"));
  }
  return accounts;
}

/// "OperationType=add&UserId.1=…": the older way to say the same.
Answer<SharingChange> read_operation(FormReader& form) {
  TRY(const auto operation, form.choice("OperationType", {"add", "remove"}));
  SharingChange change{.ends = operation == "remove", .accounts = form.list("UserId")};
  if (operation.empty() != change.accounts.empty()) {
    return refuse("MissingParameter", fmt::format("The request must contain the parameter {}",
                                                  operation.empty() ? "OperationType" : "UserId"));
  }
  return change;
}

/// Exactly one of the ways to say what is changed.
Answer<SharingChange> read_sharing_change(FormReader& form) {
  TRY_STATUS(check_attribute(form.optional_text("Attribute").value_or("createVolumePermission")));
  TRY(auto operation, read_operation(form));
  std::vector<SharingChange> changes{
      std::move(operation),
      {.ends = false, .accounts = accounts_in(form, "CreateVolumePermission.Add")},
      {.ends = true, .accounts = accounts_in(form, "CreateVolumePermission.Remove")}};
  std::erase_if(changes, [](const SharingChange& change) { return change.accounts.empty(); });
  if (changes.empty()) {
    return refuse("MissingParameter", "The request must contain the parameter UserId");
  }
  if (changes.size() > 1) {
    return refuse("InvalidParameterCombination",
                  "Accounts cannot be added and removed in a single operation.");
  }
  TRY_STATUS(check_accounts(changes.front().accounts));
  return std::move(changes.front());
}

}  // namespace

Answer<void> modify_snapshot_attribute(ActionCall& call) {
  TRY(const auto id, read_id<SnapshotId>(call.form, "SnapshotId"));
  TRY(const auto change, read_sharing_change(call.form));
  TRY_STATUS(call.admit());
  TRY_STATUS(change_sharing(call.region, id, change));
  xml::put_success(call.answer);
  return {};
}

Answer<void> describe_snapshot_attribute(ActionCall& call) {
  TRY(const auto id, read_id<SnapshotId>(call.form, "SnapshotId"));
  TRY(const auto name, call.form.required("Attribute"));
  TRY_STATUS(check_attribute(name));
  TRY_STATUS(call.admit());
  const auto found = call.region.snapshots.find(id);
  if (found == call.region.snapshots.end() || !is_there(found->second, call.seen)) {
    return not_found(snapshot_ids, {id.str()});
  }
  xml::put(call.answer, "snapshotId", id.str());
  auto list = call.answer.append_child("createVolumePermission");
  for (const auto& account : found->second.shared_with) {
    xml::put(list.append_child("item"), "userId", account);
  }
  return {};
}

}  // namespace pitstop::sim::actions
