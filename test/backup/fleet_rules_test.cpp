#include "backup/fleet_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SelectedServer server_with(ec2::Tags tags) {
  SelectedServer server;
  server.instance.tags = std::move(tags);
  return server;
}

TEST(Share, IsANumberOrAPercentageOfWhichOneIsAlwaysLeft) {
  EXPECT_EQ(parse_share("20")->of(3), 20U);
  EXPECT_EQ(parse_share("5%")->of(100), 5U);
  EXPECT_EQ(parse_share("5%")->of(119), 5U);
  EXPECT_EQ(parse_share("5%")->of(3), 1U);
  EXPECT_EQ(parse_share("100%")->of(7), 7U);
}

TEST(Share, RefusesWhatIsNeither) {
  for (const auto* text : {"", "%", "0", "0%", "101%", "5.5%", "-1", "5 %", "5%%", "five"}) {
    EXPECT_FALSE(parse_share(text)) << text;
  }
}

TEST(FleetRules, OrderNumbersThenWordsThenThoseWithoutTheTag) {
  const std::vector<SelectedServer> servers{
      server_with({{"wave", "10"}}), server_with({{"wave", "web"}}), server_with({}),
      server_with({{"wave", "2"}}),  server_with({{"wave", "10"}}),  server_with({{"wave", "db"}})};
  std::vector<std::optional<std::size_t>> waves;
  for (const auto& ticket : tickets_for(servers, {.order_by = "wave"})) {
    waves.push_back(ticket.wave);
  }
  EXPECT_THAT(waves, ElementsAre(1, 3, 4, 0, 1, 2));
}

TEST(FleetRules, GroupByTheValueAndLeaveThoseWithoutItAlone) {
  const std::vector<SelectedServer> servers{server_with({{"cluster", "a"}}), server_with({}),
                                            server_with({{"cluster", ""}})};
  const auto tickets = tickets_for(servers, {.group_by = "cluster"});
  EXPECT_EQ(tickets[0].group, "a");
  EXPECT_EQ(tickets[1].group, std::nullopt);
  EXPECT_EQ(tickets[2].group, "");
  EXPECT_EQ(tickets[0].wave, 0U);
}

TEST(FleetRules, OfSeveralPoliciesGoByTheirOwnServers) {
  const std::vector<SelectedServer> servers{server_with({{"wave", "1"}}),
                                            server_with({{"wave", "2"}, {"cluster", "a"}}),
                                            server_with({{"wave", "3"}})};
  const FleetRuleSets rules{.sets = {{.max_down = {50, true}, .order_by = "wave"},
                                     {.max_down = {50, true}, .group_by = "cluster"}},
                            .of_servers = {{0}, {0, 1}, {1}}};
  const auto tickets = tickets_for(servers, rules);
  EXPECT_EQ(tickets[0].wave, 0U);
  EXPECT_EQ(tickets[1].wave, 1U);
  ASSERT_EQ(tickets[1].also.size(), 1U);
  EXPECT_EQ(tickets[1].also.front().group, "a");
  EXPECT_EQ(tickets[1].also.front().rules, 1U);
  EXPECT_EQ(tickets[2].rules, 1U);
  EXPECT_EQ(rules.for_lane().sets.front().max_down, 1U) << "of two";
}

/// Each is before the other, by one of the policies.
TEST(FleetRules, ThatContradictEachOtherGoByTheFirst) {
  const std::vector<SelectedServer> servers{server_with({{"one", "1"}, {"other", "2"}}),
                                            server_with({{"one", "2"}, {"other", "1"}})};
  const FleetRuleSets rules{.sets = {{.order_by = "one"}, {.order_by = "other"}},
                            .of_servers = {{0, 1}, {0, 1}}};
  const auto tickets = tickets_for(servers, rules);
  EXPECT_EQ(tickets[0].wave, 0U);
  EXPECT_EQ(tickets[1].wave, 1U);
  for (const auto& ticket : tickets) {
    EXPECT_EQ(ticket.also.front().wave, std::nullopt);
  }
  const FleetRuleSets alike{.sets = {{.order_by = "one"}, {.order_by = "one"}},
                            .of_servers = {{0, 1}, {0, 1}}};
  EXPECT_EQ(tickets_for(servers, alike)[1].also.front().wave, 1U);
}

TEST(FleetRules, RefuseATagThatNoServerHas) {
  const std::vector<SelectedServer> servers{server_with({{"Cluster", "a"}}), server_with({})};
  EXPECT_TRUE(check_rules(servers, {.group_by = "Cluster", .order_by = "Cluster"}));
  const auto checked = check_rules(servers, {.group_by = "cluster"});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::usage);
  EXPECT_THAT(checked.error().message, HasSubstr("--group-by \"cluster\""));
  EXPECT_FALSE(check_rules(servers, {.order_by = "wave"}));
  EXPECT_TRUE(check_rules(servers, {}));
}

}  // namespace
}  // namespace pitstop
