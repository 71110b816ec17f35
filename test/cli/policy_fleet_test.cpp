// All policies as one fleet, and what is due by EC2's own word: `pitstop run` on several hosts, and
// for many policies.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/contains.hpp"
#include "policies_bench.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/truth.hpp"

namespace pitstop::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

constexpr auto daily = "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\n";

class DueByEc2 : public PoliciesBench {
 protected:
  /// A snapshot by somebody else's hand, with tags of our making.
  void forge(const std::string& of, sim::Tags tags) {
    const auto& volume = instance(of).attachments.front().volume;
    const auto made = sim::create_snapshot(region(), volume, {.description = "", .tags = tags});
    ASSERT_TRUE(made.has_value());
  }

  sim::Tags tags_of_a_backup_of(const std::string& name) {
    for (const auto& [id, snapshot] : region().snapshots) {
      if (snapshot.tags.at("Name") == name) {
        return snapshot.tags;
      }
    }
    return {};
  }

  void forget_snapshots() {
    for (auto& [id, snapshot] : region().snapshots) {
      snapshot.deleted = bench.time.now();
    }
  }
};

TEST_F(DueByEc2, AnotherHostStopsNobodyASecondTime) {
  write(daily);
  EXPECT_EQ(bench.run({"run"}).status, 0);
  move_to_another_host();
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(stops_of("web-1").size(), 1U);
  EXPECT_THAT(bench.run({"run", "--dry-run"}).output, HasSubstr("nothing is due (2 servers)"));
  pass(24h);
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("web-1").size(), 2U) << "it is due again a day later";
}

TEST_F(DueByEc2, SnapshotsThatAreBeingCopiedCount) {
  for (const auto* name : {"web-1", "web-2"}) {
    auto& volume = region().volumes.at(instance(name).attachments.front().volume);
    volume.snapshot_pace.mib_per_second = 0.5;
    volume.snapshot_pace.step = 1;
  }
  write(daily + std::string("no-wait = true\n"));
  EXPECT_EQ(bench.run({"run"}).status, 0);
  move_to_another_host();
  EXPECT_EQ(bench.run({"run"}).output, "");
  EXPECT_EQ(stops_of("web-1").size(), 1U);
}

TEST_F(DueByEc2, NobodyIsStoppedIfEc2CannotBeAsked) {
  write(daily);
  bench.faults = sim::Faults(
      {.scripted = {{"DescribeSnapshots", 1, 1, sim::FaultKind::denied}}, .random = {}}, 1);
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics,
              HasSubstr("policy web: it cannot be told which backups there are"));
  EXPECT_THAT(bench.faults.unused(), IsEmpty());
  EXPECT_THAT(stops_of("web-1"), IsEmpty());
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("web-1").size(), 1U);
}

TEST_F(DueByEc2, Ec2IsAskedForThoseAloneThatTheJournalCallsDue) {
  write(daily);
  EXPECT_EQ(bench.run({"run"}).status, 0);
  std::vector<std::string> actions;
  bench.on_call = [&](const std::string& action) { actions.push_back(action); };
  EXPECT_EQ(bench.run({"run"}).output, "");
  EXPECT_THAT(actions, Not(Contains("DescribeSnapshots")))
      << "but for what interrupted runs have left, and the servers";
}

TEST_F(DueByEc2, TheTagsOfAStrangerSuppressNothing) {
  write(daily);
  EXPECT_EQ(bench.run({"run"}).status, 0);
  auto tags = tags_of_a_backup_of("web-1");
  ASSERT_FALSE(tags.empty());
  pass(25h);
  move_to_another_host();
  tags["pitstop:created"] = "2099-01-01T00:00:00.000Z";
  forge("db-1", tags);  // of a volume that the server never had
  pass(5min);
  tags["pitstop:backup"] = "b-000000000bad";
  forge("db-1", tags);
  for (auto& [id, snapshot] : region().snapshots) {
    snapshot.tags["pitstop:created"] = rfc3339(bench.time.wall());  // EC2 knows better
  }
  pass(1min);
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("web-1").size(), 2U);
  EXPECT_EQ(stops_of("web-2").size(), 2U);
}

TEST_F(DueByEc2, AFailedBackupOfAnotherHostIsLeftAloneForAWhile) {
  write(daily);
  EXPECT_EQ(bench.run({"run"}).status, 0);
  for (auto& [id, snapshot] : region().snapshots) {
    snapshot.failed = true;
  }
  move_to_another_host();
  EXPECT_EQ(bench.run({"run"}).output, "");
  pass(1h);
  EXPECT_THAT(bench.run({"run"}).output, HasSubstr("2 servers are due"));
}

/// Its snapshots begin when the window has closed already.
TEST_F(DueByEc2, ABackupAtTheEndOfAWindowCountsForThatWindow) {
  write(
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\nwindow = \"02:00-03:00\"\n"
      "time-zone = \"UTC\"\nmax-down = 2\n");
  for (const auto* name : {"web-1", "web-2"}) {
    instance(name).pace.shutdown = sim::always(1min);
  }
  pass_until("2026-01-01T02:59:30Z");
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_THAT(stops_of("web-1"), ElementsAre("2026-01-01T02:59"));
  move_to_another_host();
  pass_until("2026-01-02T02:00:01Z");
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("web-1").size(), 2U);
}

TEST_F(DueByEc2, TwoHostsAtOnceStopNobodyTwice) {
  write("[policy.all]\nall = true\nevery = \"1d\"\nmax-down = 1\n");
  const auto results = bench.run_together(
      {{.host = "one", .arguments = {"run"}}, {.host = "two", .arguments = {"run"}}});
  for (const auto* name : {"web-1", "web-2", "db-1"}) {
    EXPECT_EQ(stops_of(name).size(), 1U) << name << results[0].output << results[1].output;
  }
  for (const auto& result : results) {
    EXPECT_THAT((std::vector{0, 3, 10, 11}), Contains(result.status)) << result.diagnostics;
  }
  pass(1h);
  for (const auto& again : bench.run_together(
           {{.host = "one", .arguments = {"run"}}, {.host = "two", .arguments = {"run"}}})) {
    EXPECT_EQ(again.status, 0);
    EXPECT_EQ(again.output, "");
  }
}

/// Fleets of several hosts that overlap.
class Overlapping : public PoliciesBench {
 protected:
  static sim::Scenario twelve_servers() {
    sim::Scenario scenario;
    for (int i = 0; i < 12; ++i) {
      scenario.servers.push_back(server_of_role(fmt::format("web-{}", i), "web"));
    }
    return scenario;
  }

  Overlapping() : PoliciesBench(twelve_servers()) {}

  std::vector<CommandResult> four_hosts(Duration apart) {
    std::vector<SitesBench::OnHost> commands;
    for (int i = 0; i < 4; ++i) {
      commands.push_back({.host = fmt::format("host-{}", i),
                          .arguments = {"backup", "--tag", "role=web", "--yes", "--max-down", "2",
                                        "--no-wait", "--output", "json"},
                          .after = apart * i});
    }
    return bench.run_together(std::move(commands));
  }

  /// What became of all servers, over all hosts.
  static std::map<std::string, int> outcomes(const std::vector<CommandResult>& results) {
    std::map<std::string, int> count;
    for (const auto& result : results) {
      for (const auto& backup : messages_of(result).back()["backups"]) {
        ++count[backup["outcome"]];
        EXPECT_EQ(backup["outcome"] == "done_elsewhere", !backup["done_elsewhere"].is_null());
      }
    }
    return count;
  }
};

TEST_F(Overlapping, FleetsHaveEachServerDownOnce) {
  int elsewhere = 0;
  for (const auto apart : {0s, 3s, 7s}) {
    const auto before = stops_of("web-0").size();
    const auto results = four_hosts(apart);
    for (int i = 0; i < 12; ++i) {
      EXPECT_EQ(stops_of(fmt::format("web-{}", i)).size(), before + 1) << i << " " << apart.count();
    }
    auto count = outcomes(results);
    EXPECT_EQ(count["following"] + count["completed"], 12) << apart.count();
    EXPECT_EQ(count["failed"], 0) << apart.count();
    elsewhere += count["done_elsewhere"];
    pass(12h);
  }
  EXPECT_GT(elsewhere, 0);
}

TEST_F(Overlapping, WhatWasOverBeforeARunBeganIsNoBackupOfIt) {
  const auto results = bench.run_together(
      {{.host = "one", .arguments = {"backup", "--tag", "role=web", "--yes", "--max-down", "1"}},
       {.host = "two",
        .arguments = {"backup", "--tag", "role=web", "--yes", "--max-down", "1", "--order-by",
                      "Name"},
        .after = 20min}});
  EXPECT_EQ(results[0].status, 0) << results[0].diagnostics;
  EXPECT_EQ(stops_of("web-3").size() + stops_of("web-11").size(), 4U)
      << "what was over before the second run began is no backup of it";
}

TEST_F(Overlapping, TheJournalCountsItAsNoBackup) {
  bench.run_together(
      {{.host = "one", .arguments = {"backup", "--tag", "role=web", "--yes", "--max-down", "1"}},
       {.host = "two",
        .arguments = {"backup", "--tag", "role=web", "--yes", "--max-down", "1"},
        .after = 30s}});
  bench.variables["XDG_STATE_HOME"] = (bench.state.path() / "two").string();
  EXPECT_THAT(bench.run({"show"}).output, HasSubstr("backed up by another run"));
}

/// Servers whose snapshots are copied for hours, a policy each.
class ManyPolicies : public PoliciesBench {
 protected:
  static constexpr int count = 10;

  static sim::Scenario slow_servers() {
    sim::Scenario scenario;
    for (int i = 0; i < count; ++i) {
      auto server = server_of_role(fmt::format("slow-{}", i), fmt::to_string(i));
      auto& volume = server.volumes.front();
      volume.used_gib = 4;
      volume.snapshot_pace.mib_per_second = 0.3;  // nearly four hours
      volume.snapshot_pace.step = 1;
      volume.snapshot_pace.jumping = 0;
      scenario.servers.push_back(std::move(server));
    }
    return scenario;
  }

  ManyPolicies() : PoliciesBench(slow_servers()) {}
};

TEST_F(ManyPolicies, HoldTheirWindowsHoweverLongOthersAreCopied) {
  std::string text = "time-zone = \"UTC\"\n";
  for (int i = 0; i < count; ++i) {
    text += fmt::format(
        "[policy.p{0}]\ntag = \"role={0}\"\nevery = \"1d\"\nwindow = "
        "\"{1:02}:{2:02}-{3:02}:{4:02}\"\n",
        i, i / 2, 30 * (i % 2), (i + 1) / 2, 30 * ((i + 1) % 2));
  }
  write(text);
  // As a service manager has it: no second one as long as the first goes on.
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(result.diagnostics, "");
  for (int i = 0; i < count; ++i) {
    const auto window = fmt::format("2026-01-01T{:02}:{}", i / 2, i % 2 == 0 ? "[0-2]" : "[3-5]");
    EXPECT_THAT(stops_of(fmt::format("slow-{}", i)), ElementsAre(testing::ContainsRegex(window)));
  }
}

TEST_F(ManyPolicies, ThatAreDueTogetherGoSideBySide) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += fmt::format("[policy.p{}]\ntag = \"role={}\"\nevery = \"1d\"\n", i, i % count);
  }
  write(text);
  const auto begun = bench.time.now();
  const auto result = bench.run({"run"});
  EXPECT_LT(bench.time.now() - begun, 6h);
  for (int i = 0; i < count; ++i) {
    const auto stops = stops_of(fmt::format("slow-{}", i));
    EXPECT_THAT(stops, ElementsAre(testing::StartsWith("2026-01-01T00:0")));
  }
  EXPECT_EQ(result.status, 0) << result.diagnostics;
}

/// Servers of two policies.
class SharedServers : public PoliciesBench {
 protected:
  std::vector<std::string> policies_of_snapshots() {
    std::vector<std::string> policies;
    for (const auto& [id, snapshot] : region().snapshots) {
      if (!snapshot.deleted) {
        policies.push_back(snapshot.tags.at("pitstop:policy"));
      }
    }
    std::ranges::sort(policies);
    return policies;
  }
};

TEST_F(SharedServers, AreStoppedOnceForBoth) {
  write(
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\nset-tag = \"a=1\"\n"
      "[policy.all]\nall = true\nevery = \"1d\"\nset-tag = \"b=2\"\n");
  const auto result = bench.run({"run", "--output", "json"});
  EXPECT_EQ(result.status, 0) << result.output;
  for (const auto* name : {"web-1", "web-2", "db-1"}) {
    EXPECT_EQ(stops_of(name).size(), 1U) << name;
  }
  EXPECT_THAT(policies_of_snapshots(), ElementsAre("all", "web all", "web all"));
  std::map<std::string, std::size_t> backed_up;
  for (const auto& message : messages_of(result)) {
    if (message["message_type"] == "summary") {
      backed_up[message["policy"]] = message["backups"].size();
    }
  }
  EXPECT_THAT(backed_up, ElementsAre(Pair("all", 3), Pair("web", 2)));
  EXPECT_THAT(messages_of(result).back()["policies"].dump(),
              HasSubstr(R"({"exit_status":0,"policy":"web"})"));
  EXPECT_EQ(bench.run({"run"}).output, "") << "it counts for both";
  move_to_another_host();
  EXPECT_EQ(bench.run({"run"}).output, "") << "by EC2's word, too";
  EXPECT_THAT(bench.run({"list", "--policy", "web"}).output, HasSubstr("web-1"));
  EXPECT_THAT(bench.run({"list", "--policy", "web"}).output, Not(HasSubstr("db-1")));
}

TEST_F(SharedServers, ThatStopForOnePolicyNeedNotForAnother) {
  write(
      "[policy.online]\nall = true\nevery = \"1d\"\nonline = true\n"
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\n");
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("web-1").size(), 1U);
  EXPECT_THAT(stops_of("db-1"), IsEmpty());
  EXPECT_THAT(policies_of_snapshots(), ElementsAre("online", "online web", "online web"));
}

TEST_F(SharedServers, AreKeptAsLongAsOneOfBothKeepsThem) {
  write(
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\nkeep-last = 1\n"
      "[policy.all]\ntag = \"role=web\"\nevery = \"1d\"\nkeep-last = 2\n");
  for (int day = 0; day < 4; ++day) {
    const auto result = bench.run({"run"});
    EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
    pass(24h);
  }
  EXPECT_THAT(policies_of_snapshots(), ElementsAre("web all", "web all", "web all", "web all"));
}

TEST_F(SharedServers, HaveNoMoreDownThanEachPolicyAllows) {
  write(
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\nmax-down = 1\n"
      "[policy.all]\nall = true\nevery = \"1d\"\nmax-down = 2\n");
  EXPECT_EQ(bench.run({"run"}).status, 0);
  const auto outage = [&](const std::string& name) {
    return sim::outages_of(region(), instance(name).id).front();
  };
  const auto one = outage("web-1");
  const auto other = outage("web-2");
  EXPECT_TRUE(one.stop_accepted >= *other.running || other.stop_accepted >= *one.running);
  EXPECT_LT(outage("db-1").stop_accepted, std::max(one.stop_accepted, other.stop_accepted));
}

/// For recovery the runs of this very process are not lost ones.
TEST_F(ManyPolicies, ALaterLookLeavesServersAloneThatAreDown) {
  auto& slow = region().volumes.at(instance("slow-0").attachments.front().volume);
  slow.snapshot_pace.lag = sim::always(20min);
  write(
      "time-zone = \"UTC\"\n[policy.first]\ntag = \"role=0\"\nevery = \"1d\"\n"
      "[policy.second]\ntag = \"role=1\"\nevery = \"1d\"\nwindow = \"00:10-00:40\"\n");
  const auto result = bench.run({"run", "--output", "json"});
  EXPECT_EQ(result.status, 0) << result.output;
  for (const auto& message : messages_of(result)) {
    if (message["message_type"] == "summary") {
      ASSERT_EQ(message["backups"].size(), 1U);
      EXPECT_EQ(message["backups"][0]["gate"], "progress");
      EXPECT_EQ(message["backups"][0]["recovered"], false);
    }
  }
  EXPECT_EQ(stops_of("slow-0").size(), 1U);
  EXPECT_THAT(stops_of("slow-1"), ElementsAre(testing::StartsWith("2026-01-01T00:1")));
}

TEST_F(ManyPolicies, GoOnWithAServerWhenItsSnapshotsAreComplete) {
  write(
      "time-zone = \"UTC\"\n[policy.first]\nall = true\nevery = \"1d\"\n"
      "[policy.second]\ntag = \"role=3\"\nevery = \"1d\"\nwindow = \"01:00-06:00\"\n"
      "online = true\n[policy.third]\ntag = \"role=4\"\nevery = \"1d\"\n"
      "window = \"01:00-01:30\"\nonline = true\n");
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("slow-3").size(), 1U);
  std::map<std::string, int> online;
  for (const auto& [id, snapshot] : region().snapshots) {
    ++online[snapshot.tags.at("pitstop:policy")];
  }
  EXPECT_THAT(online, ElementsAre(Pair("first", 10), Pair("second", 1)));
}

}  // namespace
}  // namespace pitstop::test
