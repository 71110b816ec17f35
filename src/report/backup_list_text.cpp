#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "report/backup_list.hpp"
#include "report/backup_text.hpp"
#include "report/columns.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

constexpr auto under_title = "  ";

std::string size_text(const BackupSet& set) {
  const auto volumes = fmt::format("{} GiB", static_cast<std::int64_t>(set.size()));
  const auto written = set.full_bytes();
  return written ? fmt::format("{}, {} written", volumes, amount(*written)) : volumes;
}

std::string worth(const BackupSet& set) {
  return std::string(set.consistency ? to_string(*set.consistency) : "unknown");
}

std::string gate_of(const ListedBackup& backup) {
  return backup.record && !backup.record->gate.empty() ? backup.record->gate : "-";
}

/// How far a set is that is not complete.
std::string state_text(const BackupSet& set) {
  auto state = std::string(to_string(set.state)) + (set.copied_from ? ", copy" : "") +
               (set.before_restore ? ", before a restore" : "");
  if (set.state != SetState::pending || set.snapshots.empty()) {
    return state;
  }
  int least = 100;
  for (const auto& snapshot : set.snapshots) {
    least = std::min(least, snapshot.progress.value_or(0));
  }
  return fmt::format("{} {} %", state, least);
}

std::vector<std::string> row(const ListedBackup& backup, WallTime now) {
  const auto& set = backup.set;
  return {set.backup.str(), minute(set.taken), long_time(now - set.taken),
          state_text(set),  worth(set),        gate_of(backup),
          size_text(set)};
}

bool is_of_same_server(const ListedBackup& a, const ListedBackup& b) {
  return a.set.instance == b.set.instance && a.site == b.site;
}

/// What carries the tags of a backup, and is none of its.
std::string left_out_text(const BackupSet& set) {
  std::string lines;
  for (const auto& [id, why] : set.left_out) {
    lines += fmt::format("{}{} has the tags of {} and is left out: {}\n", under_title, id.str(),
                         set.backup.str(), printable(why));
  }
  return lines;
}

/// What is wrong with those that are neither good nor on their way to it.
std::string flaws(const std::vector<ListedBackup>& backups) {
  std::string lines;
  for (const auto& [set, site, record] : backups) {
    if (set.state != SetState::complete && set.state != SetState::pending) {
      lines += fmt::format("{}{}: {}\n", under_title, set.backup.str(), printable(set.flaw));
    }
    if (!set.snapshots.empty()) {
      lines += left_out_text(set);
    }
  }
  return lines;
}

std::string server_text(const std::vector<ListedBackup>& backups, WallTime now) {
  std::vector<std::vector<std::string>> rows{
      {"backup", "taken (UTC)", "age", "state", "consistency", "gate", "size"}};
  for (const auto& backup : backups) {
    rows.push_back(row(backup, now));
  }
  const auto& newest = backups.front();
  return fmt::format("{}, {}\n", title_of(newest.set.name, newest.set.instance), newest.site) +
         table(rows, under_title) + flaws(backups);
}

std::string sum_text(const BackupList& list) {
  std::map<SetState, std::size_t> of_state;
  std::size_t servers = 0;
  const ListedBackup* before = nullptr;
  for (const auto& backup : list.backups) {
    ++of_state[backup.set.state];
    servers += before == nullptr || !is_of_same_server(*before, backup) ? 1 : 0;
    before = &backup;
  }
  std::vector<std::string> parts;
  for (const auto& [state, count] : of_state) {
    parts.push_back(fmt::format("{} {}", count, to_string(state)));
  }
  return fmt::format("{} of {}{}{}\n", counted(list.backups.size(), "backup"),
                     counted(servers, "server"), parts.empty() ? "" : ": ", join(parts, ", "));
}

std::string overdue_text(const BackupList& list) {
  std::string lines;
  for (const auto& [instance, name, newest_good] : list.overdue) {
    lines += fmt::format(
        "OVERDUE: {} {}\n", title_of(name, instance),
        newest_good ? fmt::format("has no good backup of the last {}: its newest is {} old",
                                  long_time(*list.max_age), long_time(list.now - *newest_good))
                    : std::string("has no good backup at all"));
  }
  if (list.max_age && list.overdue.empty()) {
    lines =
        fmt::format("every server has a good backup of the last {}\n", long_time(*list.max_age));
  }
  return lines;
}

/// What the server was, as far as it can be read.
std::string server_as_it_was(const BackupSet& set) {
  const auto server = server_of(set);
  if (!server) {
    return fmt::format("  {}\n", printable(server.error().message));
  }
  const auto& instance = server->instance;
  auto text = fmt::format("  the server was {} in {}", instance.type, instance.zone);
  const auto add = [&](const std::string& part) { text += part.empty() ? "" : ", " + part; };
  add(instance.subnet);
  add(instance.private_ip);
  add(instance.platform_details);
  return text + '\n';
}

std::string snapshots_text(const BackupSet& set) {
  std::vector<std::vector<std::string>> rows;
  if (set.image) {
    rows.push_back({set.image->id.str(), "", "", "image", set.image->state, ""});
  }
  for (const auto& snapshot : set.snapshots) {
    const auto size = fmt::format("{:>5} GiB", static_cast<std::int64_t>(snapshot.size));
    std::string state(snapshot.is_archived ? "archived"
                      : snapshot.state     ? to_string(*snapshot.state)
                                           : "unknown");
    if (snapshot.state == ec2::SnapshotState::pending && snapshot.progress) {
      state += fmt::format(" {} %", *snapshot.progress);
    }
    rows.push_back({snapshot.id.str(), snapshot.volume.str(), snapshot.device, size, state,
                    snapshot.full_bytes ? amount(*snapshot.full_bytes) + " written" : ""});
  }
  for (const auto& snapshot : set.doubles) {
    rows.push_back({snapshot.id.str(), snapshot.volume.str(), snapshot.device, "",
                    "made twice: another one counts", ""});
  }
  for (const auto& [volume, device] : set.missing) {
    rows.push_back({"-", volume.str(), device, "", "no snapshot", ""});
  }
  return table(rows, under_title);
}

std::string record_text(const BackupRecord& record) {
  std::string text;
  if (!record.gate.empty()) {
    text += fmt::format("  gate: {}\n", record.gate);
  }
  if (record.downtime) {
    text += fmt::format("  down for {}\n", human(*record.downtime));
  }
  if (!record.error_message.empty()) {
    text += fmt::format("  reason: {}\n", printable(record.error_message));
  }
  return text;
}

}  // namespace

std::string backup_list_text(const BackupList& list) {
  std::string text;
  auto first = list.backups.begin();
  while (first != list.backups.end()) {
    const auto next = std::find_if(first, list.backups.end(), [&](const ListedBackup& other) {
      return !is_of_same_server(*first, other);
    });
    text += server_text({first, next}, list.now) + '\n';
    first = next;
  }
  return text + sum_text(list) + overdue_text(list);
}

std::string backup_details_text(const ListedBackup& backup, WallTime now) {
  const auto& set = backup.set;
  auto text =
      fmt::format("{}: backup {}, {}{}\n  taken {} in {}, {} ago, by the run {}{}\n",
                  title_of(set.name, set.instance), set.backup.str(), to_string(set.state),
                  set.consistency ? fmt::format(", {}", worth_text(*set.consistency)) : "",
                  rfc3339(set.taken), backup.site, long_time(now - set.taken), set.run.str(),
                  set.policy.empty() ? "" : " of the policy " + printable(set.policy));
  if (!set.flaw.empty()) {
    text += fmt::format("  {}\n", printable(set.flaw));
  }
  if (set.before_restore) {
    text += fmt::format("  taken before the restore {}, of the state that it was to replace\n",
                        printable(set.before_restore->str()));
  }
  if (set.state == SetState::suspect) {
    text +=
        "  it is not restored as a server, copied, removed or counted; compare with EC2: "
        "aws ec2 describe-snapshots\n"
        "  its volumes can be had as EC2 knows them: pitstop restore --volumes-only --incomplete\n";
  }
  if (set.copied_from) {
    text += fmt::format("  a copy; the original is in {} of {}\n",
                        printable(set.copied_from->region), printable(set.copied_from->account));
  }
  text += backup.record ? record_text(*backup.record)
                        : "  the journal of this machine does not know of it\n";
  return text + server_as_it_was(set) + snapshots_text(set) + left_out_text(set);
}

}  // namespace pitstop
