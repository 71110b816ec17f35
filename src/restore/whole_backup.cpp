#include "restore/whole_backup.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop {
namespace {

/// How its snapshots are brought back, as commands of the `aws` program.
std::string hint_for_archived(const BackupSet& set) {
  std::vector<std::string> commands;
  for (const auto& snapshot : set.snapshots) {
    if (snapshot.is_archived) {
      commands.push_back(
          fmt::format("aws ec2 restore-snapshot-tier --temporary-restore-days 7 --snapshot-id {}",
                      snapshot.id.str()));
    }
  }
  return fmt::format("bring it back first, which takes up to three days: {}",
                     join(commands, " && "));
}

}  // namespace

Status is_whole(const BackupSet& set) {
  if (set.state == SetState::complete) {
    return {};
  }
  const auto what = fmt::format("{} is {}: {}", set.backup.str(), to_string(set.state), set.flaw);
  if (set.state == SetState::archived) {
    return fail(ErrorKind::refused, what, hint_for_archived(set));
  }
  return fail(ErrorKind::refused, what,
              set.state == SetState::pending
                  ? "wait until its snapshots are complete: pitstop list tells"
                  : "choose another one: pitstop list; what is there of it can be had as volumes "
                    "(--volumes-only --incomplete)");
}

std::vector<std::string> notes_on(const BackupSet& set) {
  std::vector<std::string> notes;
  for (const auto& [id, why] : set.left_out) {
    notes.push_back(
        fmt::format("note: {} has the tags of this backup, and is left out: {}", id.str(), why));
  }
  if (!set.has_proven_tags && set.state == SetState::complete) {
    notes.emplace_back(
        "note: an earlier version of pitstop took the backup: nothing proves that its tags, which "
        "say what the server was, are those that it was made with");
  }
  return notes;
}

}  // namespace pitstop
