#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/copy_report.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

std::string copy_state_text(CopyState state) {
  switch (state) {
    case CopyState::to_copy:
      return "copy";
    case CopyState::under_way:
      return "under way";
    case CopyState::is_there:
      return "is there";
    case CopyState::not_yet:
      return "not yet";
    case CopyState::pass_over:
      return "cannot";
  }
  unreachable();
}

/// A plan to copy says how much; another one says why not.
std::string what_of(const CopyPlan& plan) {
  if (!plan.reason.empty()) {
    return printable(plan.reason);
  }
  const auto todo = std::ranges::count_if(
      plan.snapshots, [](const SnapshotToCopy& one) { return !one.copy.has_value(); });
  const auto what =
      plan.by_image && plan.state == CopyState::to_copy ? "its image, " : std::string();
  if (plan.state == CopyState::to_copy && todo < std::ssize(plan.snapshots)) {
    return fmt::format("{} of {} snapshots, the others are begun", todo, plan.snapshots.size());
  }
  return fmt::format("{}{}, {} GiB", what, counted(plan.snapshots.size(), "snapshot"),
                     static_cast<std::int64_t>(plan.size()));
}

/// More do not fit a screen.
constexpr std::size_t most_servers_in_full = 10;

/// They come by server.
std::vector<std::vector<ShownCopyPlan>> by_server(const std::vector<ShownCopyPlan>& plans) {
  std::vector<std::vector<ShownCopyPlan>> servers;
  for (const auto& shown : plans) {
    const bool is_another = servers.empty() || servers.back().front().from != shown.from ||
                            servers.back().front().plan.set.instance != shown.plan.set.instance;
    if (is_another) {
      servers.emplace_back();
    }
    servers.back().push_back(shown);
  }
  return servers;
}

std::string server_copies_text(const std::vector<ShownCopyPlan>& plans) {
  const auto& first = plans.front();
  std::vector<std::vector<std::string>> rows;
  std::string losses;
  for (const auto& [plan, from, to] : plans) {
    rows.push_back({copy_state_text(plan.state), plan.set.backup.str(),
                    minute(plan.set.taken) + " UTC", what_of(plan)});
    for (const auto& loss : plan.losses) {
      losses += fmt::format("  note: {}\n", loss);
    }
  }
  return fmt::format("{}, {} to {}\n", title_of(first.plan.set.name, first.plan.set.instance),
                     first.from, first.to) +
         table(rows, "  ") + losses;
}

template <class Value, class Things, class Member>
std::map<Value, std::size_t> count_by(const Things& things, Member member) {
  std::map<Value, std::size_t> counts;
  for (const auto& thing : things) {
    ++counts[member(thing)];
  }
  return counts;
}

std::string result_text(CopyResult result) {
  switch (result) {
    case CopyResult::copied:
      return "copied";
    case CopyResult::was_there:
      return "there already";
    case CopyResult::following:
      return "under way, which EC2 finishes by itself";
    case CopyResult::waits:
      return "waiting for room: the next pitstop copy goes on with them";
    case CopyResult::not_yet:
      return "not complete yet, and not copied";
    case CopyResult::interrupted:
      return "interrupted: what was begun goes on in EC2, and the next pitstop copy takes it up";
    case CopyResult::failed:
      return "failed";
  }
  unreachable();
}

}  // namespace

std::string copy_plans_text(const std::vector<ShownCopyPlan>& plans, bool all) {
  const auto of_servers = by_server(plans);
  const bool shows_all = all || of_servers.size() <= most_servers_in_full;
  std::string text;
  for (auto of_server : of_servers) {
    if (!shows_all) {
      std::erase_if(of_server, [](const ShownCopyPlan& shown) {
        return shown.plan.state != CopyState::pass_over && shown.plan.state != CopyState::not_yet;
      });
    }
    text += of_server.empty() ? "" : server_copies_text(of_server);
  }
  const auto counts =
      count_by<CopyState>(plans, [](const ShownCopyPlan& shown) { return shown.plan.state; });
  std::vector<std::string> parts;
  for (const auto& [state, count] : counts) {
    parts.push_back(fmt::format("{} {}", count,
                                state == CopyState::to_copy ? "to copy" : copy_state_text(state)));
  }
  return text + fmt::format("{} of {}{}{}\n", counted(plans.size(), "backup"),
                            counted(of_servers.size(), "server"), parts.empty() ? "" : ": ",
                            join(parts, ", "));
}

std::string copy_end_text(const CopyEnd& end) {
  const auto counts =
      count_by<CopyResult>(end.copies, [](const CopyOutcome& outcome) { return outcome.result; });
  std::string text;
  for (const auto& [result, count] : counts) {
    text += fmt::format("{} {}\n", counted(count, "backup"), result_text(result));
  }
  return text;
}

std::string copy_errors_text(const CopyEnd& end) {
  std::string text;
  for (const auto& outcome : end.copies) {
    if (outcome.error && outcome.result == CopyResult::failed) {
      text +=
          error_lines(*outcome.error, outcome.instance, title_of(outcome.name, outcome.instance));
    }
  }
  return text;
}

}  // namespace pitstop
