// What one look at the policies finds, and begins: the part of PolicyFleet between the choice of
// policies and their ends.

#include <algorithm>

#include "backup/fleet.hpp"
#include "backup/shared_options.hpp"
#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "cli/backup_command.hpp"
#include "cli/due.hpp"
#include "cli/give_up.hpp"
#include "cli/left_behind.hpp"
#include "cli/policy_fleet.hpp"

namespace pitstop {
namespace {

/// A server that does not come back keeps the others waiting for no longer than that.
constexpr Duration recovery_of_policies_goes_first = std::chrono::minutes(5);

Task<void> select_into(std::vector<ec2::Caller*> sites, BackupRequest request,
                       Result<SelectedServers>& answer) {
  answer = co_await select_for(std::move(sites), std::move(request));
}

}  // namespace

// What was left, and who is due.

/// What interrupted runs have left comes back first. Where nothing can be told, nobody is stopped.
Task<std::vector<RecoveryPart>> PolicyFleet::find_left(PolicyRound& round) {
  std::vector<std::size_t> all;
  for (const auto& turn : round.turns) {
    if (!turn.is_over) {
      std::ranges::copy(turn.sites, std::back_inserter(all));
    }
  }
  std::vector<RecoveryPart> parts;
  for (auto* const sites : sites_.having(all)) {
    co_await sites->look_at_own_host();
    auto left =
        co_await find_left_behind(*sites, sites->tools(*down_list_, doors_.state.logbook),
                                  {.only = {}, .wait = false}, HeldOnes::untold, doors_.report);
    for (auto& turn : round.turns) {
      const bool concerned = contains(sites_.having(turn.sites), sites);
      if (!concerned || turn.is_over) {
        continue;
      }
      if (!left) {
        give_up(round, turn, left.error());
        continue;
      }
      for (const auto site : turn.sites) {
        const auto name = sites_.at(site).name();
        if (contains(left->silent_sites, name) && !contains(turn.silent_sites, name)) {
          turn.silent_sites.push_back(name);
        }
      }
    }
    if (left) {
      std::ranges::move(left->parts, std::back_inserter(parts));
    }
  }
  co_return parts;
}

Task<void> PolicyFleet::recover_into(PolicyRound& round, std::vector<RecoveryPart> parts) {
  round.recovered = co_await recover(std::move(parts), {.only = {}, .wait = false});
  round.is_recovered = true;
}

Task<void> PolicyFleet::back_up_then(PolicyRound& round, bool is_first) {
  auto& clock = doors_.surroundings.clock;
  const Instant go_on = clock.now() + recovery_of_policies_goes_first;
  while (!round.is_recovered && clock.now() < go_on) {
    co_await clock.sleep(Milliseconds(100));
  }
  co_await select(round);
  co_await find_due(round, is_first);
  round.share_out();
  open_parts(round);
  std::vector<Task<void>> tasks;
  if (!round.fleet.servers.empty()) {
    show(round);
    tasks.push_back(work(round));
  }
  tasks.push_back(finish_all(round));
  co_await concurrently(std::move(tasks));
}

Task<void> PolicyFleet::select(PolicyRound& round) {
  std::vector<Result<SelectedServers>> answers(round.turns.size());
  std::vector<Task<void>> tasks;
  const auto callers = sites_.callers();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& turn = round.turn(i);
    std::vector<ec2::Caller*> own;
    for (const auto site : turn.sites) {
      own.push_back(callers[site]);
    }
    if (!turn.is_over) {
      tasks.push_back(select_into(std::move(own), turn.policy.request, answers[i]));
    }
  }
  co_await concurrently(std::move(tasks));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    auto& turn = round.turn(i);
    if (turn.is_over) {
      continue;
    }
    if (!answers[i]) {
      give_up(round, turn, answers[i].error());
      continue;
    }
    for (const auto& [site, error] : answers[i]->silent_sites) {
      went_silent(turn, turn.sites[site], error);
    }
    turn.servers = std::move(answers[i]->servers);
    turn.passed_over = pass_over_restored(turn.servers, turn.policy.request.selection);
    turn.selected = turn.servers.size();
    for (auto& server : turn.servers) {
      server.site = turn.sites[server.site];
    }
  }
}

Task<void> PolicyFleet::find_due(PolicyRound& round, bool is_first) {
  std::vector<DueQuestion> questions;
  std::vector<PolicyTurn*> asking;
  for (auto& turn : round.turns) {
    if (!turn.is_over) {
      leave_out_those_under_way(turn.servers);
      questions.push_back(due_question(turn.policy.request, std::move(turn.servers)));
      turn.servers.clear();
      asking.push_back(&turn);
    }
  }
  const auto wall = doors_.surroundings.clock.wall();
  auto due = co_await those_due(sites_.callers(), std::move(questions), doors_.state.journal, wall);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    auto& turn = *asking[i];
    if (!due) {
      give_up(round, turn, due.error());
      continue;
    }
    for (const auto& [site, error] : due->silent_sites) {
      if (contains(turn.sites, site)) {
        went_silent(turn, site, error);
      }
    }
    turn.servers = std::move(due->servers[i]);
    const bool any = !turn.servers.empty();
    if (any || is_first) {
      doors_.report.policy({.policy = turn.policy.name,
                            .standing = any ? Standing::due : Standing::not_due,
                            .selected = turn.selected,
                            .due = turn.servers.size(),
                            .passed_over = turn.passed_over});
    }
  }
}

/// A server that an earlier look has begun is left to a later one, until its snapshots are
/// complete.
void PolicyFleet::leave_out_those_under_way(std::vector<SelectedServer>& servers) const {
  for (const auto* round : rounds_) {
    for (std::size_t i = 0; i < round->ids.size(); ++i) {
      if (!round->has_ended[i]) {
        std::erase_if(servers, [&](const SelectedServer& server) {
          return server.instance.id == round->ids[i];
        });
      }
    }
  }
}

// One fleet of them.

/// What is done at each site for each combination of policies.
void PolicyFleet::open_parts(PolicyRound& round) {
  for (auto& part : round.fleet.parts) {
    const auto tools = sites_.tools(observer_for(part.rules, round), doors_.state.logbook);
    for (std::size_t site = 0; site < tools.size(); ++site) {
      std::vector<BackupOptions> of_policies;
      for (const auto number : part.rules) {
        const auto& options = round.turn(number).policy.request.options;
        of_policies.push_back(options_at(options, sites_.at(site)));
      }
      part.sites.push_back({.tools = tools[site], .options = options_for_all(of_policies)});
    }
  }
}

/// Whoever is to be called for one of the policies is.
Observer& PolicyFleet::observer_for(const std::vector<std::size_t>& turns,
                                    const PolicyRound& round) {
  std::vector<std::vector<std::string>> commands;
  for (const auto number : turns) {
    const auto& command = round.turn(number).policy.request.on_down;
    if (!command.empty() && !contains(commands, command)) {
      commands.push_back(command);
    }
  }
  auto& known = by_commands_[commands];
  if (known == nullptr) {
    known = down_list_.get();
    for (const auto& command : commands) {
      observers_.push_back(std::make_unique<OnDown>(*known, command, doors_.surroundings));
      known = observers_.back().get();
    }
  }
  return *known;
}

void PolicyFleet::show(const PolicyRound& round) {
  std::vector<ListedServer> list;
  for (const auto& server : round.fleet.servers) {
    list.push_back({server.instance, server.volumes, sites_.at(server.site).name()});
  }
  doors_.report.begun(instances_of(round.fleet.servers));
  doors_.report.selected(list, most_down_of(round.fleet));
}

Task<void> PolicyFleet::work(PolicyRound& round) {
  round.fleet.run = round.run;
  round.fleet.ended = [&round](std::size_t place, const BackupOutcome& outcome) {
    round.ended(place, outcome);
  };
  round.lane = lane_for(round.fleet);
  auto working = back_up_parts(std::move(round.fleet), *round.lane);
  co_await std::move(working);
}

}  // namespace pitstop
