#include "cli/due.hpp"

#include <algorithm>
#include <map>

#include "backup/policy_names.hpp"
#include "backup/recording.hpp"
#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "catalog/recent_backups.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {
namespace {

using Pasts = std::map<InstanceId, PastBackups>;

/// What nobody tried was not begun in time, or was not wanted any more, or another run had it, or
/// had done it.
bool was_tried(const BackupOutcome& outcome) {
  const std::vector<ErrorKind> before_anything{ErrorKind::deadline, ErrorKind::interrupted,
                                               ErrorKind::held};
  return outcome.outcome != Outcome::done_elsewhere &&
         (outcome.outcome != Outcome::refused || !outcome.error ||
          !contains(before_anything, outcome.error->kind));
}

/// How far back a backup may lie and matter now.
WallTime horizon(const Schedule& schedule, WallTime now) {
  const auto back = std::max(schedule.every, schedule.retry_after);
  return std::chrono::floor<Milliseconds>(now - back);
}

/// Backups come in the order of their beginnings.
void add(PastBackups& past, WallTime begun, bool good) {
  if (good) {
    past = {.good = begun, .tried = {}};
  } else {
    past.tried = begun;
  }
}

Result<Pasts> past_by_journal(const DueQuestion& question, const Journal& journal, WallTime now) {
  TRY(const auto records,
      journal.backups({.policy = question.policy, .since = horizon(*question.schedule, now)}));
  Pasts past;
  for (const auto& record : records) {
    const auto outcome = to_outcome(record);
    if (is_good(outcome) || was_tried(outcome)) {
      add(past[record.instance], record.begun, is_good(outcome));
    }
  }
  return past;
}

/// EC2 tells when snapshots began. The backup began before that, and so within its window, be that
/// closed when they begin.
WallTime begun_in_window(const DueQuestion& question, WallTime snapshots_began) {
  constexpr auto step = std::chrono::minutes(1);
  const auto& schedule = *question.schedule;
  for (auto back = Duration(); back <= question.longest_outage; back += step) {
    const auto then = std::chrono::floor<Milliseconds>(snapshots_began - back);
    if (opening_at(schedule, then)) {
      return then;
    }
  }
  return snapshots_began;
}

Pasts past_by_ec2(const DueQuestion& question, std::vector<RecentBackup> backups) {
  std::ranges::sort(backups, {}, &RecentBackup::begun);
  Pasts past;
  for (const auto& backup : backups) {
    if (is_for_policy(backup.policy, question.policy)) {
      add(past[backup.instance], begun_in_window(question, backup.begun), backup.good);
    }
  }
  return past;
}

/// What both know, the later of each.
void keep_those_due(DueQuestion& question, const Pasts& past, WallTime now) {
  std::erase_if(question.selected, [&](const SelectedServer& server) {
    const auto known = past.find(server.instance.id);
    return known != past.end() && !is_due(*question.schedule, known->second, now);
  });
}

Task<void> ask_site(ec2::Caller& caller, std::vector<SelectedServer> servers, WallTime since,
                    WallTime now, Result<std::vector<RecentBackup>>& answer) {
  answer = co_await recent_backups(caller, std::move(servers), since, now);
}

/// What EC2 has to be asked: each server once, by site.
using Asked = std::map<std::size_t, std::map<InstanceId, SelectedServer>>;

Asked to_be_asked(const std::vector<DueQuestion>& questions) {
  Asked asked;
  for (const auto& question : questions) {
    for (const auto& server : question.selected) {
      if (question.schedule) {
        asked[server.site].emplace(server.instance.id, server);
      }
    }
  }
  return asked;
}

WallTime since_when(const std::vector<DueQuestion>& questions, WallTime now) {
  auto since = now;
  for (const auto& question : questions) {
    since = question.schedule ? std::min(since, horizon(*question.schedule, now)) : since;
  }
  return since;
}

/// Of each site that has to be asked, by its number.
using Answers = std::map<std::size_t, Result<std::vector<RecentBackup>>>;

Task<Answers> ask_sites(std::vector<ec2::Caller*> sites, Asked asked, WallTime since,
                        WallTime now) {
  Answers answers;
  std::vector<Task<void>> tasks;
  for (auto& [site, by_id] : asked) {
    std::vector<SelectedServer> servers;
    for (auto& [id, server] : by_id) {
      servers.push_back(std::move(server));
    }
    tasks.push_back(ask_site(*sites[site], std::move(servers), since, now, answers[site]));
  }
  co_await concurrently(std::move(tasks));
  co_return answers;
}

void drop_servers_at(std::vector<DueQuestion>& questions, std::size_t site) {
  for (auto& question : questions) {
    if (question.schedule) {
      std::erase_if(question.selected,
                    [&](const SelectedServer& server) { return server.site == site; });
    }
  }
}

}  // namespace

std::size_t pass_over_restored(std::vector<SelectedServer>& servers, const Selection& selection) {
  if (!selection.ids.empty()) {
    return 0;
  }
  return std::erase_if(servers, [](const SelectedServer& server) {
    return ec2::find_tag(server.instance.tags, restored_from_tag_key).has_value();
  });
}

DueQuestion due_question(const BackupRequest& request, std::vector<SelectedServer> selected) {
  return {.policy = request.options.policy,
          .schedule = request.schedule,
          .longest_outage = longest_outage(request.options),
          .selected = std::move(selected)};
}

Task<Result<DueServers>> those_due(std::vector<ec2::Caller*> sites,
                                   std::vector<DueQuestion> questions, const Journal& journal,
                                   WallTime now) {
  for (auto& question : questions) {
    if (question.schedule) {
      CO_TRY(const auto past, past_by_journal(question, journal, now));
      keep_those_due(question, past, now);
    }
  }
  auto asked = to_be_asked(questions);
  const auto answers =
      co_await ask_sites(std::move(sites), std::move(asked), since_when(questions, now), now);
  DueServers due;
  std::vector<RecentBackup> known;
  for (const auto& [site, answer] : answers) {
    if (answer) {
      std::ranges::copy(*answer, std::back_inserter(known));
    } else {
      due.silent_sites.emplace_back(
          site, within("it cannot be told which backups there are", answer.error()));
      drop_servers_at(questions, site);
    }
  }
  if (!answers.empty() && due.silent_sites.size() == answers.size()) {
    co_return fail(std::move(due.silent_sites.front().second));
  }
  for (auto& question : questions) {
    if (question.schedule) {
      keep_those_due(question, past_by_ec2(question, known), now);
    }
    due.servers.push_back(std::move(question.selected));
  }
  co_return due;
}

}  // namespace pitstop
