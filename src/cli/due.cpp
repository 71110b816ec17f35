#include "cli/due.hpp"

#include <map>

#include "backup/recording.hpp"
#include "base/contains.hpp"

namespace pitstop {
namespace {

/// What nobody tried was not begun in time, or was not wanted any more, or another run had it.
bool was_tried(const BackupOutcome& outcome) {
  const std::vector<ErrorKind> before_anything{ErrorKind::deadline, ErrorKind::interrupted,
                                               ErrorKind::held};
  return outcome.outcome != Outcome::refused || !outcome.error ||
         !contains(before_anything, outcome.error->kind);
}

/// As far as it matters for what is due now.
Result<std::map<InstanceId, PastBackups>> past_of(const std::string& policy,
                                                  const Schedule& schedule, const Journal& journal,
                                                  WallTime now) {
  const auto back = std::max(schedule.every, schedule.retry_after);
  const auto since = std::chrono::floor<Milliseconds>(now - back);
  TRY(const auto records, journal.backups({.policy = policy, .since = since}));
  std::map<InstanceId, PastBackups> past;
  for (const auto& record : records) {
    const auto outcome = to_outcome(record);
    auto& server = past[record.instance];
    if (is_good(outcome)) {
      server = {.good = record.begun, .tried = {}};
    } else if (was_tried(outcome)) {
      server.tried = record.begun;
    }
  }
  return past;
}

Status keep_those_due(std::vector<SelectedServer>& servers, const std::string& policy,
                      const Schedule& schedule, const Journal& journal, WallTime now) {
  TRY(const auto past, past_of(policy, schedule, journal, now));
  std::erase_if(servers, [&](const SelectedServer& server) {
    const auto known = past.find(server.instance.id);
    return known != past.end() && !is_due(schedule, known->second, now);
  });
  return {};
}

}  // namespace

Result<std::vector<SelectedServer>> those_due(std::vector<SelectedServer> selected,
                                              const BackupRequest& request, const Journal& journal,
                                              WallTime now, BackupReport& report) {
  const auto& policy = request.options.policy;
  PolicyState state{.policy = policy, .selected = selected.size(), .dry_run = request.dry_run};
  if (request.schedule) {
    TRY_STATUS(keep_those_due(selected, policy, *request.schedule, journal, now));
  }
  state.due = selected.size();
  state.standing = selected.empty() ? Standing::not_due : Standing::due;
  if (!policy.empty()) {
    report.policy(state);
  }
  return selected;
}

}  // namespace pitstop
