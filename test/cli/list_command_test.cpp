// `pitstop list` and `pitstop show BACKUP`, over what `pitstop backup` left in EC2.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "command_bench.hpp"
#include "sim/cloud/instances.hpp"
#include "sites_bench.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

sim::Scenario two_servers() {
  sim::Scenario scenario;
  for (const auto* name : {"web", "db"}) {
    sim::ServerPlan server;
    server.name = name;
    server.region = "us-east-1";
    server.tags = {{"Name", name}, {"tier", name}};
    server.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
    server.volumes.back().device = "/dev/sdf";
    scenario.servers.push_back(server);
  }
  return scenario;
}

class ListCommand : public testing::Test {
 protected:
  ListCommand() { bench.add_account(SitesBench::own_account, two_servers()); }

  sim::Region& region() { return bench.account(SitesBench::own_account).region("us-east-1"); }

  InstanceId server(const std::string& name) {
    for (const auto& [id, instance] : region().instances) {
      if (instance.tags.at("Name") == name) {
        return id;
      }
    }
    return InstanceId();
  }

  void back_up(const std::string& name, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"backup", server(name).str()});
    const auto result = bench.run(more);
    EXPECT_EQ(result.status, 0) << result.diagnostics;
  }

  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }

  std::string listed(std::vector<std::string> arguments = {}, int status = 0) {
    arguments.insert(arguments.begin(), "list");
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, status) << result.output << result.diagnostics;
    EXPECT_THAT(result.diagnostics, IsEmpty());
    return result.output;
  }

  std::vector<json> messages(std::vector<std::string> arguments = {}, int status = 0) {
    arguments.insert(arguments.end(), {"--output", "json"});
    return messages_in(listed(std::move(arguments), status));
  }

  void expect_error(const std::vector<std::string>& arguments, int status,
                    const std::string& message, const std::string& hint) {
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, status) << result.output;
    EXPECT_THAT(result.diagnostics, HasSubstr("error: " + message));
    EXPECT_THAT(result.diagnostics, HasSubstr("HINT: " + hint));
  }

  /// Somebody deletes a snapshot of the newest backup.
  SnapshotId lose_a_snapshot() {
    auto& [id, newest] = *std::ranges::max_element(
        region().snapshots, {}, [](const auto& entry) { return entry.second.created; });
    newest.deleted = bench.time.now();
    return id;
  }

  SitesBench bench;
};

TEST_F(ListCommand, Helps) {
  CommandBench help;
  help.expect_help({"list", "--help"}, "cli/golden/list_help.txt");
}

TEST_F(ListCommand, ShowsTheBackupsOfEachServerTheNewestFirst) {
  back_up("web");
  back_up("db");
  pass(std::chrono::days(7));
  back_up("web");
  const auto text = listed();
  EXPECT_THAT(text, ContainsRegex("web \\(i-[0-9a-f]+\\), us-east-1\n"));
  EXPECT_THAT(text, ContainsRegex("b-[0-9a-f]+ +2026-01-08 [0-9:]+ +[0-9]+m [0-9]+s +complete +"
                                  "at-rest +progress +16 GiB, 8.0 GiB written\n"
                                  "  b-[0-9a-f]+ +2026-01-01 [0-9:]+ +7 days +complete"));
  EXPECT_THAT(text, HasSubstr("\n3 backups of 2 servers: 3 complete\n"));
}

TEST_F(ListCommand, NeedsNoJournalAndNoServer) {
  back_up("web");
  bench.variables["XDG_STATE_HOME"] = (bench.state.path() / "another").string();
  const auto id = server("web");
  EXPECT_TRUE(sim::terminate_instances(region(), {id}));
  pass(std::chrono::hours(1));
  const auto text = listed({id.str()});
  EXPECT_THAT(text, ContainsRegex("complete +at-rest +- +16 GiB"));
  EXPECT_THAT(text, HasSubstr("1 backup of 1 server: 1 complete\n"));
}

TEST_F(ListCommand, TellsHowFarABackupIs) {
  back_up("web", {"--no-wait"});
  EXPECT_THAT(listed(), ContainsRegex("pending [0-9]+ % +at-rest"));
  EXPECT_THAT(listed(), HasSubstr("1 backup of 1 server: 1 pending\n"));
}

TEST_F(ListCommand, TellsWhatIsWrongWithABackup) {
  back_up("web");
  const auto lost = lose_a_snapshot();
  const auto text = listed();
  EXPECT_THAT(text, ContainsRegex("incomplete +at-rest"));
  EXPECT_THAT(text, HasSubstr(region().snapshots.at(lost).volume.str() + " has no snapshot\n"));
  EXPECT_THAT(listed({"--failed"}), HasSubstr("1 incomplete\n"));
  const auto message = messages().front();
  EXPECT_EQ(message["missing"].size(), 1U);
  EXPECT_EQ(message["missing"][0]["volume_id"], region().snapshots.at(lost).volume.str());
}

TEST_F(ListCommand, KnowsABackupThatFailed) {
  back_up("web");
  auto& snapshot = region().snapshots.begin()->second;
  snapshot.failed = true;
  snapshot.failure = "the key is gone";
  EXPECT_THAT(listed(), HasSubstr(snapshot.id.str() + " has failed: the key is gone\n"));
  EXPECT_EQ(messages().back()["failed"], 1);
}

TEST_F(ListCommand, KnowsTheImageOfABackup) {
  back_up("web", {"--method", "image"});
  EXPECT_EQ(messages().front()["image_id"], region().images.begin()->first.str());
  EXPECT_EQ(messages().front()["state"], "complete");
  region().images.begin()->second.deregistered = bench.time.now();
  pass(std::chrono::minutes(5));
  EXPECT_EQ(messages().front()["state"], "incomplete");
  EXPECT_EQ(messages().front()["flaw"], "its image is not there");
}

TEST_F(ListCommand, LeavesOutWhatIsNotAskedFor) {
  back_up("web");
  pass(std::chrono::days(10));
  back_up("web");
  back_up("db");
  EXPECT_EQ(messages({server("db").str()}).size(), 2U);
  EXPECT_EQ(messages({"--tag", "tier=web"}).size(), 3U);
  EXPECT_EQ(messages({"--all", "--exclude", server("db").str()}).size(), 3U);
  EXPECT_EQ(messages({"--latest", "1"}).size(), 3U);
  EXPECT_EQ(messages({"--since", "5d"}).size(), 3U);
  EXPECT_EQ(messages({"--until", "5d"}).size(), 2U);
  EXPECT_EQ(messages({"--policy", "nightly"}).size(), 1U);
  EXPECT_EQ(messages({"--failed"}).size(), 1U);
}

TEST_F(ListCommand, EndsWithStatus3WhenAServerIsOverdue) {
  back_up("web");
  back_up("db");
  EXPECT_THAT(listed({"--max-age", "8d"}),
              HasSubstr("every server has a good backup of the last 8 days\n"));
  pass(std::chrono::days(9));
  back_up("db");
  const auto text = listed({"--max-age", "8d"}, 3);
  EXPECT_THAT(text, ContainsRegex("\nOVERDUE: web \\(i-[0-9a-f]+\\) has no good backup of the last "
                                  "8 days: its newest is 9 days old\n$"));
  EXPECT_THAT(text, Not(HasSubstr("OVERDUE: db")));
  const auto overdue = messages({"--max-age", "8d"}, 3).back()["overdue"];
  ASSERT_EQ(overdue.size(), 1U);
  EXPECT_EQ(overdue[0]["instance_id"], server("web").str());
  EXPECT_THAT(std::string(overdue[0]["newest_good"]), HasSubstr("2026-01-01T"));
}

TEST_F(ListCommand, ABackupThatIsNotCompleteIsNotAGoodOne) {
  back_up("web");
  lose_a_snapshot();
  EXPECT_THAT(listed({"--max-age", "8d"}, 3), HasSubstr("has no good backup at all\n"));
  back_up("db", {"--no-wait"});
  EXPECT_EQ(messages({"--max-age", "8d"}, 3).back()["overdue"].size(), 2U);
}

TEST_F(ListCommand, AServerWithoutAnyBackupIsOverdueIfItIsNamed) {
  back_up("web");
  listed({"--max-age", "8d"});
  EXPECT_THAT(listed({"--all", "--max-age", "8d"}, 3), ContainsRegex("OVERDUE: db \\(i-"));
  EXPECT_THAT(listed({server("db").str(), "--max-age", "8d"}, 3), HasSubstr("OVERDUE: i-"));
}

TEST_F(ListCommand, NobodyMissesTheBackupsOfAServerThatIsGone) {
  back_up("web");
  back_up("db");
  pass(std::chrono::days(9));
  back_up("db");
  EXPECT_TRUE(sim::terminate_instances(region(), {server("web")}));
  pass(std::chrono::hours(2));
  EXPECT_THAT(listed({"--max-age", "8d"}), HasSubstr("3 backups of 2 servers"));
}

TEST_F(ListCommand, NothingIsNoSuccessForAMonitor) {
  EXPECT_EQ(listed(), "0 backups of 0 servers\n");
  expect_error({"list", "--max-age", "8d"}, 1, "no server that exists has a backup",
               "check the region");
}

TEST_F(ListCommand, RefusesWhatMakesNoSense) {
  expect_error({"list", "--max-age", "soon"}, 2, "--max-age: ", "");
  expect_error({"list", "--exclude", server("db").str()}, 2, "--exclude leaves out",
               "name servers");
  expect_error({"list", "--latest", "0"}, 2, "--latest", "");
  expect_error({"list", "web"}, 2, "\"web\"", "");
}

TEST_F(ListCommand, SeesAllRegionsThatAreNamed) {
  bench.add_account("222222222222", two_servers());
  back_up("web");
  bench.run({"backup", "--all", "--yes", "--assume-role", SitesBench::role_in("222222222222")});
  const std::vector<std::string> there{"--assume-role", SitesBench::role_in("222222222222")};
  EXPECT_THAT(listed(there), HasSubstr("2 backups of 2 servers: 2 complete\n"));
  EXPECT_THAT(listed(), HasSubstr("1 backup of 1 server: 1 complete\n"));
}

TEST_F(ListCommand, ASiteThatGivesNoAnswerIsSaid) {
  bench.add_account("222222222222", two_servers());
  bench.forbidden_roles["222222222222"] = "not authorized";
  bench.add_account("333333333333", two_servers());
  const auto result = bench.run({"list", "--assume-role", SitesBench::role_in("222222222222"),
                                 "--assume-role", SitesBench::role_in("333333333333")});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.diagnostics, HasSubstr("of account 222222222222: "));
}

/// What the configuration has in its parts is another thing for each server.
json with_bare_parts(json backup) {
  for (auto& part : backup["configuration"]) {
    part = nullptr;
  }
  return backup;
}

TEST_F(ListCommand, WritesTheMessagesThatAreDocumented) {
  back_up("web");
  lose_a_snapshot();
  const auto written = messages({"--max-age", "1d"}, 3);
  int compared = 0;
  for (const auto& documented : documented_messages()) {
    if (documented["message_type"] == "backup") {
      ++compared;
      EXPECT_EQ(fields(with_bare_parts(written.front())), fields(with_bare_parts(documented)));
    }
    if (documented.contains("overdue")) {
      ++compared;
      EXPECT_EQ(fields(written.back()), fields(documented));
    }
  }
  EXPECT_EQ(compared, 2);
}

TEST_F(ListCommand, ShowsOneBackup) {
  back_up("web");
  const std::string id = messages().front()["backup_id"];
  const auto result = bench.run({"show", id});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, ContainsRegex("web \\(i-[0-9a-f]+\\): backup " + id +
                                           ", complete, at rest\n  taken 2026-01-01T"));
  EXPECT_THAT(result.output, HasSubstr("\n  gate: progress\n  down for "));
  EXPECT_THAT(result.output, HasSubstr("the server was t3.large in us-east-1a, subnet-"));
  EXPECT_THAT(result.output, ContainsRegex("snap-[0-9a-f]+ +vol-[0-9a-f]+ +/dev/sdf +8 GiB +"
                                           "completed +4.0 GiB written\n"));
  const auto message = messages_in(bench.run({"show", id, "--output", "json"}).output).front();
  EXPECT_EQ(message, messages().front());
  EXPECT_EQ(message["configuration"]["machine"]["type"], "t3.large");
}

TEST_F(ListCommand, SaysWhenThereIsNoSuchBackup) {
  expect_error({"show", "b-000000000000"}, 1, "EC2 has no backup b-000000000000", "pitstop list");
}

}  // namespace
}  // namespace pitstop::test
