#include "backup/fleet_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

/// How the values of a tag come one after the other: 2 before 10, "9" before "a", nothing last.
using Rank = std::tuple<int, std::uint64_t, std::string>;

Rank rank_of(const std::optional<std::string>& value) {
  if (!value) {
    return {2, 0, ""};
  }
  if (const auto number = whole_number<std::uint64_t>(*value)) {
    return {0, *number, ""};
  }
  return {1, 0, *value};
}

Status check_tag(const char* option, const std::optional<std::string>& key,
                 const std::vector<SelectedServer>& servers) {
  const auto has_it = [&](const SelectedServer& server) {
    return ec2::find_tag(server.instance.tags, *key).has_value();
  };
  if (key && std::ranges::none_of(servers, has_it)) {
    return fail(ErrorKind::usage,
                fmt::format("{} {}: no selected server has this tag", option, in_quotes(*key)),
                "check its spelling, upper and lower case included");
  }
  return {};
}

}  // namespace

std::size_t Share::of(std::size_t all) const {
  return is_percent ? std::max<std::size_t>(all * number / 100, 1) : number;
}

Result<Share> parse_share(const std::string& text) {
  const bool is_percent = text.ends_with('%');
  const auto digits = std::string_view(text).substr(0, text.size() - (is_percent ? 1 : 0));
  const auto number = whole_number<std::size_t>(digits);
  if (!number || *number == 0 || (is_percent && *number > 100)) {
    return fail(ErrorKind::usage,
                fmt::format("{} is not a number of servers, nor a percentage", in_quotes(text)),
                "give a whole number from 1 up, or 1% to 100%");
  }
  return Share{*number, is_percent};
}

LaneRules FleetRules::for_lane(std::size_t servers) const {
  return {.max_down = max_down.of(servers),
          .max_down_per_group = max_down_per_group,
          .stop_on_failure = stop_on_failure};
}

std::vector<LaneTicket> tickets_for(const std::vector<SelectedServer>& servers,
                                    const FleetRules& rules) {
  std::map<Rank, std::size_t> waves;
  std::vector<Rank> ranks;
  for (const auto& server : servers) {
    const auto value =
        rules.order_by ? ec2::find_tag(server.instance.tags, *rules.order_by) : std::nullopt;
    ranks.push_back(rank_of(value));
    waves.emplace(ranks.back(), 0);
  }
  std::size_t number = 0;
  for (auto& [rank, wave] : waves) {
    wave = number++;
  }
  std::vector<LaneTicket> tickets;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const auto group =
        rules.group_by ? ec2::find_tag(servers[i].instance.tags, *rules.group_by) : std::nullopt;
    tickets.push_back({.group = group, .wave = waves.at(ranks[i]), .site = servers[i].site});
  }
  return tickets;
}

namespace {

/// Whether every server can begin in the end: waves of several sets can wait for each other.
bool all_can_begin(const std::vector<LaneTicket>& tickets) {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> waiting;  // by set and wave
  std::vector<std::vector<LaneStanding>> left;
  for (const auto& ticket : tickets) {
    left.push_back(ticket.standings());
    for (const auto& standing : left.back()) {
      waiting[{standing.rules, standing.wave.value_or(0)}] += standing.wave ? 1 : 0;
    }
  }
  const auto may_begin = [&](const std::vector<LaneStanding>& standings) {
    return std::ranges::all_of(standings, [&](const LaneStanding& standing) {
      const auto first = waiting.lower_bound({standing.rules, 0});
      const auto own = waiting.lower_bound({standing.rules, standing.wave.value_or(0)});
      return std::all_of(first, own, [](const auto& before) { return before.second == 0; });
    });
  };
  for (auto before = left.size() + 1; left.size() < before;) {
    before = left.size();
    std::vector<std::vector<LaneStanding>> still;
    for (auto& standings : left) {
      if (!may_begin(standings)) {
        still.push_back(std::move(standings));
        continue;
      }
      for (const auto& standing : standings) {
        waiting[{standing.rules, standing.wave.value_or(0)}] -= standing.wave ? 1 : 0;
      }
    }
    left = std::move(still);
  }
  return left.empty();
}

/// Tickets by one set alone, of the servers that it holds for.
std::map<std::size_t, LaneTicket> tickets_by(const std::vector<SelectedServer>& servers,
                                             const FleetRuleSets& rules, std::size_t set) {
  std::vector<SelectedServer> of_set;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (contains(rules.of_servers[i], set)) {
      of_set.push_back({.instance = servers[i].instance, .volumes = {}, .site = servers[i].site});
      places.push_back(i);
    }
  }
  auto tickets = tickets_for(of_set, rules.sets[set]);
  std::map<std::size_t, LaneTicket> by_place;
  for (std::size_t i = 0; i < places.size(); ++i) {
    tickets[i].rules = set;
    by_place.emplace(places[i], std::move(tickets[i]));
  }
  return by_place;
}

}  // namespace

LaneRuleSets FleetRuleSets::for_lane() const {
  std::vector<LaneRules> all;
  for (std::size_t set = 0; set < sets.size(); ++set) {
    const auto count = std::ranges::count_if(
        of_servers, [&](const auto& of_server) { return contains(of_server, set); });
    all.push_back(sets[set].for_lane(static_cast<std::size_t>(count)));
  }
  return LaneRuleSets(std::move(all));
}

std::vector<LaneTicket> tickets_for(const std::vector<SelectedServer>& servers,
                                    const FleetRuleSets& rules) {
  std::vector<std::optional<LaneTicket>> found(servers.size());
  for (std::size_t set = 0; set < rules.sets.size(); ++set) {
    for (auto& [place, ticket] : tickets_by(servers, rules, set)) {
      if (!found[place]) {
        found[place] = std::move(ticket);
      } else {
        found[place]->also.push_back({set, std::move(ticket.group), ticket.wave});
      }
    }
  }
  std::vector<LaneTicket> tickets;
  for (auto& ticket : found) {
    CHECK(ticket.has_value());
    tickets.push_back(*std::move(ticket));
  }
  if (!all_can_begin(tickets)) {
    for (auto& ticket : tickets) {
      for (auto& standing : ticket.also) {
        standing.wave.reset();
      }
    }
  }
  return tickets;
}

Status check_rules(const std::vector<SelectedServer>& servers, const FleetRules& rules) {
  TRY_STATUS(check_tag("--group-by", rules.group_by, servers));
  return check_tag("--order-by", rules.order_by, servers);
}

}  // namespace pitstop
