#include "cli/policy_round.hpp"

#include <algorithm>
#include <iterator>

#include "backup/policy_names.hpp"
#include "base/contains.hpp"

namespace pitstop {
namespace {

/// Volumes that belong to a server without being attached to it are known to one policy only.
void add_volumes_of(SelectedServer& server, std::vector<ec2::Volume> others) {
  for (auto& volume : others) {
    if (!contains(server.volumes, volume.id, &ec2::Volume::id)) {
      server.volumes.push_back(std::move(volume));
    }
  }
}

}  // namespace

PolicyTurn& PolicyRound::turn(std::size_t number) {
  return *std::next(turns.begin(), static_cast<std::ptrdiff_t>(number));
}

const PolicyTurn& PolicyRound::turn(std::size_t number) const {
  return *std::next(turns.begin(), static_cast<std::ptrdiff_t>(number));
}

bool PolicyRound::is_busy(std::size_t number) const {
  return !turn(number).is_over && (!lane || !lane->all_left(number));
}

void PolicyRound::share_out() {
  std::map<InstanceId, std::size_t> places;
  for (std::size_t number = 0; number < turns.size(); ++number) {
    auto& own = turn(number);
    fleet.rules.push_back(own.policy.request.rules);
    for (auto& server : own.servers) {
      const auto [place, is_new] = places.emplace(server.instance.id, ids.size());
      if (is_new) {
        ids.push_back(server.instance.id);
        turns_of.push_back({number});
        fleet.servers.push_back(std::move(server));
        continue;
      }
      std::vector<std::string> names{own.policy.name};
      for (const auto other : turns_of[place->second]) {
        names.push_back(turn(other).policy.name);
      }
      if (most_policies_in_a_tag(names) == names.size()) {
        turns_of[place->second].push_back(number);
        add_volumes_of(fleet.servers[place->second], std::move(server.volumes));
      }
    }
    own.servers.clear();
  }
  std::map<std::vector<std::size_t>, std::size_t> parts;
  for (const auto& of_server : turns_of) {
    const auto [part, is_new] = parts.emplace(of_server, parts.size());
    if (is_new) {
      fleet.parts.push_back({.sites = {}, .rules = of_server});
    }
    fleet.part_of.push_back(part->second);
    for (const auto number : of_server) {
      ++turn(number).left;
    }
  }
  has_ended.resize(ids.size(), false);
}

void PolicyRound::ended(std::size_t place, const BackupOutcome& outcome) {
  has_ended[place] = true;
  for (const auto number : turns_of[place]) {
    turn(number).outcomes.emplace(place, outcome);
    --turn(number).left;
  }
}

RunSummary PolicyRound::summary_of(const PolicyTurn& turn, Instant now) const {
  RunSummary summary;
  summary.run = run;
  summary.policy = turn.policy.name;
  for (const auto& [place, outcome] : turn.outcomes) {
    summary.backups.push_back(outcome);
    summary.api_calls += outcome.api_calls;
  }
  summary.silent_sites = turn.silent_sites;
  summary.took = now - begun;
  return summary;
}

std::vector<BackupOutcome> PolicyRound::outcomes_for_status(const PolicyTurn& turn) const {
  std::vector<BackupOutcome> all;
  for (const auto& [place, outcome] : turn.outcomes) {
    all.push_back(outcome);
  }
  std::ranges::copy_if(recovered, std::back_inserter(all), &BackupOutcome::left_down);
  return all;
}

}  // namespace pitstop
