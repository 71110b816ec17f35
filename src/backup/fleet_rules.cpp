#include "backup/fleet_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

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

Status check_rules(const std::vector<SelectedServer>& servers, const FleetRules& rules) {
  TRY_STATUS(check_tag("--group-by", rules.group_by, servers));
  return check_tag("--order-by", rules.order_by, servers);
}

}  // namespace pitstop
