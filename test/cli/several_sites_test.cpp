// Whole commands over several accounts and regions, and the question before they begin.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "sim/cloud/truth.hpp"
#include "sites_bench.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto shop = "222222222222";
constexpr auto lab = "333333333333";

sim::ServerPlan server_in(const std::string& region, const std::string& name) {
  sim::ServerPlan server;
  server.name = name;
  server.region = region;
  return server;
}

sim::Scenario one_server_in(const std::vector<std::string>& regions, std::uint64_t seed) {
  sim::Scenario scenario;
  scenario.seed = seed;
  for (const auto& region : regions) {
    scenario.servers.push_back(server_in(region, "server-of-" + region));
  }
  return scenario;
}

const std::vector<std::string> both_regions{"us-east-1", "eu-west-1"};

/// How often the servers of a region were down, and that they are up.
std::size_t outages_in(sim::Simulator& simulator, const std::string& region) {
  std::size_t outages = 0;
  const auto& there = simulator.region(region);
  for (const auto& [id, instance] : there.instances) {
    EXPECT_EQ(instance.state(), sim::InstanceState::running) << id.str();
    outages += sim::outages_of(there, id).size();
  }
  return outages;
}

nlohmann::json last_message(const CommandResult& result) {
  return nlohmann::json::parse(split(trimmed(result.output), '\n').back());
}

class SeveralSites : public testing::Test {
 protected:
  SeveralSites() {
    bench.add_account(SitesBench::own_account, one_server_in(both_regions, 1));
    bench.add_account(shop, one_server_in(both_regions, 2));
    bench.add_account(lab, one_server_in(both_regions, 3));
  }

  std::size_t outages(const std::string& account, const std::string& region) {
    return outages_in(bench.account(account), region);
  }

  std::string accounts_file(const std::string& text) {
    const auto path = bench.state.path() / "accounts.toml";
    std::ofstream(path) << text;
    return path.string();
  }

  SitesBench bench;
};

TEST_F(SeveralSites, AreTheRegionsThatAreNamed) {
  const auto result = bench.run({"backup", "--all", "--yes", "--region", "us-east-1", "--region",
                                 "eu-west-1", "--output", "json"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_EQ(last_message(result)["backups"].size(), 2U);
  EXPECT_EQ(outages(SitesBench::own_account, "us-east-1"), 1U);
  EXPECT_EQ(outages(SitesBench::own_account, "eu-west-1"), 1U);
  EXPECT_EQ(bench.assumed, 0);
}

TEST_F(SeveralSites, AreTheAccountsWhoseRolesAreNamed) {
  const auto result =
      bench.run({"backup", "--all", "--yes", "--assume-role", SitesBench::role_in(shop),
                 "--assume-role", SitesBench::role_in(lab)});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("2 servers at 2 sites:"));
  EXPECT_THAT(result.output, HasSubstr("us-east-1 of account 222222222222"));
  EXPECT_EQ(outages(SitesBench::own_account, "us-east-1"), 0U);
  EXPECT_EQ(outages(shop, "us-east-1"), 1U);
  EXPECT_EQ(outages(lab, "us-east-1"), 1U);
  EXPECT_EQ(outages(lab, "eu-west-1"), 0U);
}

TEST_F(SeveralSites, AreWhatAFileOfAccountsSays) {
  bench.variables["PITSTOP_ACCOUNTS"] =
      accounts_file("[account.shop]\nrole = \"" + SitesBench::role_in(shop) +
                    "\"\nexternal-id = \"SECRETID\"\nregions = [\"us-east-1\", \"eu-west-1\"]\n"
                    "[account.lab]\nrole = \"" +
                    SitesBench::role_in(lab) + "\"\n");
  const auto result = bench.run({"backup", "--all", "--yes"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("eu-west-1 of shop (222222222222)"));
  EXPECT_EQ(outages(shop, "us-east-1") + outages(shop, "eu-west-1"), 2U);
  EXPECT_EQ(outages(lab, "us-east-1") + outages(lab, "eu-west-1"), 1U);
  EXPECT_EQ(bench.assumed, 2) << "once an account, whatever its regions";
}

TEST_F(SeveralSites, AreOneIfARegionIsNamedTwice) {
  const auto result = bench.run(
      {"backup", "--all", "--region", "us-east-1", "--region", "us-east-1", "--output", "json"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_EQ(last_message(result)["backups"].size(), 1U);
  EXPECT_EQ(outages(SitesBench::own_account, "us-east-1"), 1U);
}

/// By default a tenth of them, and at least one, is down.
TEST_F(SeveralSites, KeepToOneLimitForAllOfThem) {
  const auto result =
      bench.run({"backup", "--all", "--yes", "--region", "us-east-1", "--region", "eu-west-1"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("\nat most 1 of 2 down at a time: --max-down\n"));
  std::vector<sim::Outage> all;
  for (const auto& region : both_regions) {
    const auto& there = bench.account(SitesBench::own_account).region(region);
    for (const auto& [id, instance] : there.instances) {
      std::ranges::copy(sim::outages_of(there, id), std::back_inserter(all));
    }
  }
  ASSERT_EQ(all.size(), 2U);
  std::ranges::sort(all, {}, &sim::Outage::stop_accepted);
  EXPECT_LT(*all[0].running, all[1].stop_accepted);
}

TEST_F(SeveralSites, ThatGiveNoAnswerDoNotStopTheOthers) {
  bench.forbidden_roles[shop] = "not authorized to perform sts:AssumeRole";
  const auto result =
      bench.run({"backup", "--all", "--yes", "--assume-role", SitesBench::role_in(shop),
                 "--assume-role", SitesBench::role_in(lab), "--output", "json"});
  EXPECT_EQ(result.status, 3) << result.output;
  EXPECT_THAT(result.output, HasSubstr("not authorized to perform sts:AssumeRole"));
  EXPECT_EQ(last_message(result)["silent_sites"],
            nlohmann::json({"us-east-1 of account 222222222222"}));
  EXPECT_EQ(outages(shop, "us-east-1"), 0U);
  EXPECT_EQ(outages(lab, "us-east-1"), 1U);
}

TEST_F(SeveralSites, MayHaveAServerThatIsMissedSoNothingIsDone) {
  bench.forbidden_roles[shop] = "not authorized to perform sts:AssumeRole";
  const auto there = bench.account(shop).region("us-east-1").instances.begin()->first.str();
  const auto here = bench.account(lab).region("us-east-1").instances.begin()->first.str();
  const auto result =
      bench.run({"backup", here, there, "--yes", "--assume-role", SitesBench::role_in(shop),
                 "--assume-role", SitesBench::role_in(lab)});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics, HasSubstr("not authorized"));
  EXPECT_EQ(outages(lab, "us-east-1"), 0U);
}

TEST_F(SeveralSites, AreRecoveredWithoutBeingNamedAgain) {
  const std::vector<std::string> named{"--assume-role", SitesBench::role_in(shop),
                                       "--assume-role", SitesBench::role_in(lab),
                                       "--region",      "us-east-1",
                                       "--region",      "eu-west-1"};
  std::vector<std::string> backup{"backup", "--all", "--yes", "--max-down", "100%"};
  std::ranges::copy(named, std::back_inserter(backup));
  bench.run_until("StartInstances", backup);
  const auto result = bench.run({"recover", "--output", "json"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_EQ(last_message(result)["backups"].size(), 4U);
  for (const auto* account : {shop, lab}) {
    for (const auto& region : both_regions) {
      EXPECT_EQ(outages(account, region), 1U) << account << region;
    }
  }
  EXPECT_EQ(bench.run({"recover"}).output, "\nnothing to recover\n") << "once is enough";
}

TEST_F(SeveralSites, AreRecoveredAsFarAsTheyAnswer) {
  bench.run_until("StartInstances",
                  {"backup", "--all", "--yes", "--max-down", "2", "--assume-role",
                   SitesBench::role_in(shop), "--assume-role", SitesBench::role_in(lab)});
  bench.forbidden_roles[shop] = "not authorized to perform sts:AssumeRole";
  EXPECT_EQ(bench.run({"recover"}).status, 3);
  EXPECT_EQ(outages(lab, "us-east-1"), 1U);
  bench.forbidden_roles.clear();
  EXPECT_EQ(bench.run({"recover"}).status, 0);
  EXPECT_EQ(outages(shop, "us-east-1"), 1U);
}

TEST_F(SeveralSites, AreChecked) {
  const auto result =
      bench.run({"check", "--all", "--region", "us-east-1", "--region", "eu-west-1"});
  EXPECT_THAT(result.output, HasSubstr("2 of 2 can be backed up"));
  EXPECT_THAT(result.output, HasSubstr("server-of-us-east-1"));
  EXPECT_THAT(result.output, HasSubstr("server-of-eu-west-1"));
}

TEST_F(SeveralSites, WantAGuardOfTheirOwnAccount) {
  const auto foreign = "arn:aws:iam::" + std::string(lab) + ":role/guard";
  const auto result = bench.run({"backup", "--all", "--yes", "--guard-role", foreign,
                                 "--assume-role", SitesBench::role_in(shop)});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.diagnostics, HasSubstr("belongs to another account"));
  EXPECT_EQ(outages(shop, "us-east-1"), 0U);
}

TEST_F(SeveralSites, AreAskedForOnceIfThereIsMoreThanOneServer) {
  const std::vector<std::string> both{"backup",    "--all",    "--region",
                                      "us-east-1", "--region", "eu-west-1"};
  bench.answer = false;
  const auto declined = bench.run(both);
  EXPECT_EQ(declined.status, 1);
  EXPECT_THAT(declined.output, HasSubstr("2 servers at 2 sites:"));
  EXPECT_THAT(declined.diagnostics, HasSubstr("nothing was done: the answer was no"));
  EXPECT_EQ(outages(SitesBench::own_account, "us-east-1"), 0U);
  bench.answer = true;
  EXPECT_EQ(bench.run(both).status, 0);
  EXPECT_EQ(outages(SitesBench::own_account, "us-east-1"), 1U);
  EXPECT_THAT(bench.questions, testing::SizeIs(2));
}

TEST_F(SeveralSites, AreNotAskedForWhenOneServerIsNamedOrTheUserHasSaidYes) {
  bench.answer = false;
  EXPECT_EQ(bench.run({"backup", "--all"}).status, 0);
  EXPECT_EQ(
      bench.run({"backup", "--all", "--yes", "--region", "us-east-1", "--region", "eu-west-1"})
          .status,
      0);
  EXPECT_THAT(bench.questions, IsEmpty());
}

TEST_F(SeveralSites, AreLeftAloneIfNobodyCanBeAsked) {
  const auto result =
      bench.run({"backup", "--all", "--region", "us-east-1", "--region", "eu-west-1"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.diagnostics, HasSubstr("2 servers are selected, and nobody is here to be"));
  EXPECT_THAT(result.diagnostics, HasSubstr("--yes"));
  EXPECT_EQ(outages(SitesBench::own_account, "us-east-1"), 0U);
}

TEST_F(SeveralSites, ExplainWhatIsWrongWithTheirNames) {
  const auto role = SitesBench::role_in(shop);
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"--assume-role", "shop"}, "--assume-role \"shop\" is not the ARN of a role"},
      {{"--assume-role", role, "--assume-role", role + "-2"}, "are roles of one account"},
      {{"--accounts", "/nonexistent"}, "there is no file /nonexistent"},
      {{"--region", "eu-west-1", "--region", "Paris"}, "--region is \"Paris\", not a region"},
  };
  for (const auto& [named, message] : mistakes) {
    std::vector<std::string> arguments{"backup", "--all", "--yes"};
    std::ranges::copy(named, std::back_inserter(arguments));
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.diagnostics, HasSubstr(message));
  }
}

TEST_F(SeveralSites, ExplainWhatIsWrongInTheirFile) {
  const auto role = "role = \"" + SitesBench::role_in(shop) + "\"\n";
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"", ": there is no account in it"},
      {"[account]\n", ": there is no account in it"},
      {"[acount.shop]\n" + role, "accounts.toml:1: acount: unknown key"},
      {"[account.shop]\nregions = []\n", "accounts.toml:2: account.shop.regions: expected a list"},
      {"[account.shop]\n", "accounts.toml:1: account.shop: role is missing"},
      {"[account.shop]\nrole = 7\n", "accounts.toml:2: account.shop.role: expected the ARN"},
      {"[account.shop]\n" + role + "rolle = \"x\"\n", "did you mean role?"},
      {"[account.shop]\n" + role + "guard-role = \"" + SitesBench::role_in(lab) + "\"\n",
       "accounts.toml:3: account.shop.guard-role: this role belongs to another account"},
      {"[account.a]\n" + role + "[account.b]\n" + role, "are roles of one account"},
      {"[account.shop\n", "accounts.toml:1:"},
  };
  for (const auto& [text, message] : mistakes) {
    const auto result = bench.run({"backup", "--all", "--yes", "--accounts", accounts_file(text)});
    EXPECT_EQ(result.status, 2) << text;
    EXPECT_THAT(result.diagnostics, HasSubstr(message)) << text;
  }
}

}  // namespace
}  // namespace pitstop::test
