#include "prune/shared_backups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Verdict<BackupSet> verdict(const std::string& backup, const std::string& policies, Fate fate) {
  BackupSet set;
  set.backup = BackupId(backup);
  set.instance = InstanceId("i-1");
  set.policy = policies;
  return {.thing = std::move(set), .fate = fate, .reasons = {"as planned"}};
}

std::vector<ServerPrune> plans_of(std::vector<Verdict<BackupSet>> verdicts) {
  ServerPrune plan;
  plan.instance = InstanceId("i-1");
  plan.backups = std::move(verdicts);
  return {plan};
}

TEST(SharedBackups, OthersAreAskedOfWhatWouldBeRemovedOnly) {
  const auto plans = plans_of({verdict("b-1", "daily", Fate::remove),
                               verdict("b-2", "daily weekly monthly", Fate::remove),
                               verdict("b-3", "daily yearly", Fate::keep)});
  EXPECT_THAT(policies_to_ask(plans, "daily"), ElementsAre("weekly", "monthly"));
  EXPECT_THAT(policies_to_ask(plans_of({verdict("b-1", "daily", Fate::remove)}), "daily"),
              IsEmpty());
}

TEST(SharedBackups, GoWhenNoPolicyKeepsThem) {
  auto plans = plans_of(
      {verdict("b-1", "daily", Fate::remove), verdict("b-2", "daily weekly", Fate::remove),
       verdict("b-3", "daily weekly", Fate::remove), verdict("b-4", "daily weekly", Fate::remove)});
  const auto of_weekly = plans_of({verdict("b-2", "daily weekly", Fate::keep),
                                   verdict("b-3", "daily weekly", Fate::remove),
                                   verdict("b-4", "daily weekly", Fate::pass_over)});
  keep_for_policy("weekly", of_weekly, plans);
  const auto& backups = plans.front().backups;
  EXPECT_EQ(backups[0].fate, Fate::remove) << "it is the policy's own";
  EXPECT_EQ(backups[1].fate, Fate::keep);
  EXPECT_THAT(backups[1].reasons, ElementsAre("the policy weekly keeps it"));
  EXPECT_EQ(backups[2].fate, Fate::remove);
  EXPECT_EQ(backups[3].fate, Fate::keep);
}

TEST(SharedBackups, AreKeptForAPolicyWhoseRulesAreNotKnown) {
  auto plans = plans_of({verdict("b-1", "daily gone", Fate::remove)});
  keep_for_policy("gone", std::nullopt, plans);
  EXPECT_EQ(plans.front().backups.front().fate, Fate::keep);
  EXPECT_THAT(plans.front().backups.front().reasons,
              ElementsAre("the policy gone may keep it: its rules are not known here"));
}

}  // namespace
}  // namespace pitstop
