// `pitstop run` and `pitstop policy check`, with a file of policies, as a timer calls them.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "journal/run_locks.hpp"
#include "policies_bench.hpp"
#include "sim/cloud/truth.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

namespace fs = std::filesystem;

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Policies : public PoliciesBench {};

constexpr auto weekly = R"(time-zone = "Europe/Berlin"

[policy.web]
tag = "role=web"
every = "7d"
window = "Sun 02:00-05:00"
max-down = "100%"
)";

TEST_F(Policies, BackUpWhatIsDueInTheirWindow) {
  write(weekly);
  pass_until("2026-01-03T23:30:00Z");
  const auto result = run_for(6h);
  pass_until("2026-01-10T23:30:00Z");
  EXPECT_EQ(result.status + run_for(6h).status, 0) << result.output << result.diagnostics;
  EXPECT_THAT(stops_of("web-1"), ElementsAre("2026-01-04T01:00", "2026-01-11T01:00"));
  EXPECT_EQ(stops_of("web-2").size(), 2U);
  EXPECT_THAT(stops_of("db-1"), IsEmpty());
  EXPECT_THAT(result.output, StartsWith("policy web: 2 servers are due\n"));
  EXPECT_EQ(result.diagnostics, "");
}

TEST_F(Policies, SayNothingAndAskNothingWhileTheWindowIsClosed) {
  write(weekly);
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output + result.diagnostics, "");
  EXPECT_EQ(bench.calls, 0);
}

TEST_F(Policies, SayWhenTheirWindowOpensIfSomebodyAsks) {
  write(weekly);
  EXPECT_EQ(bench.run({"run", "--dry-run"}).output,
            "policy web: its window opens Sun 2026-01-04 02:00 CET\n");
  const auto in_json = messages_of(bench.run({"run", "--output", "json"}));
  EXPECT_EQ(in_json.front()["standing"], "closed");
  EXPECT_EQ(in_json.front()["opens"], "2026-01-04T01:00:00.000Z");
  EXPECT_EQ(in_json.back()["message_type"], "policies");
  EXPECT_EQ(in_json.back()["exit_status"], 0);
  expect_documented(in_json.back());
}

TEST_F(Policies, DryRunChecksThoseThatAreDue) {
  write("[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\n");
  const auto result = bench.run({"run", "--dry-run"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_THAT(result.output, StartsWith("policy web: 2 servers are due\n"));
  EXPECT_THAT(result.output, HasSubstr("2 of 2 can be backed up; nothing was changed"));
  EXPECT_THAT(stops_of("web-1"), IsEmpty());
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(bench.run({"run", "--dry-run"}).output, "policy web: nothing is due (2 servers)\n");
}

TEST_F(Policies, TakeANewServerAlongAtTheNextTime) {
  write("[policy.all]\nall = true\nevery = \"1d\"\nexclude = \"" + instance("db-1").id.str() +
        "\"\n");
  EXPECT_EQ(bench.run({"run"}).status, 0);
  write("[policy.all]\nall = true\nevery = \"1d\"\n");
  const auto result = bench.run({"run"});
  EXPECT_THAT(result.output, StartsWith("policy all: 1 of 3 servers is due\n"));
  EXPECT_EQ(stops_of("db-1").size(), 1U);
  EXPECT_EQ(stops_of("web-1").size(), 1U);
}

TEST_F(Policies, CountNoBackupsButTheirOwn) {
  write(
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\n[policy.also]\ntag = \"role=web\"\n"
      "every = \"1d\"\nonline = true\n");
  EXPECT_EQ(bench.run({"backup", "--tag", "role=web", "--yes"}).status, 0);
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("policy web: 2 servers are due"));
  EXPECT_THAT(result.output, HasSubstr("policy also: 2 servers are due"));
}

TEST_F(Policies, ArePutOntoSnapshotsAndIntoTheJournal) {
  write("[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\nset-tag = [\"team=shop\"]\n");
  const auto result = bench.run({"run", "--output", "json"});
  EXPECT_EQ(result.status, 0) << result.output;
  const auto messages = messages_of(result);
  EXPECT_EQ(messages.front()["message_type"], "policy");
  EXPECT_EQ(messages.front()["due"], 2);
  EXPECT_EQ(messages.at(messages.size() - 2)["message_type"], "summary");
  EXPECT_EQ(messages.at(messages.size() - 2)["policy"], "web");
  for (const auto& [id, snapshot] :
       bench.account(SitesBench::own_account).region("us-east-1").snapshots) {
    EXPECT_THAT(snapshot.tags, testing::Contains(testing::Pair("pitstop:policy", "web")));
    EXPECT_THAT(snapshot.tags, testing::Contains(testing::Pair("team", "shop")));
  }
  EXPECT_THAT(bench.run({"show"}).output, HasSubstr("by the policy web"));
  EXPECT_EQ(messages_of(bench.run({"show", "--output", "json"})).back()["policy"], "web");
}

TEST_F(Policies, BeginNobodyWhenTheWindowIsClosed) {
  write(
      "[policy.web]\nall = true\nevery = \"1d\"\nwindow = \"00:00-00:01\"\n"
      "time-zone = \"UTC\"\nmax-down = 1\n");
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 3) << result.output << result.diagnostics;
  EXPECT_THAT(result.diagnostics, HasSubstr("not begun, for the window of the policy web closed at "
                                            "2026-01-01T00:01:00.000Z"));
  const auto stops = stops_of("web-1").size() + stops_of("web-2").size() + stops_of("db-1").size();
  EXPECT_GT(stops, 0U);
  EXPECT_LT(stops, 3U);
  EXPECT_EQ(bench.run({"run"}).output, "");
  pass_until("2026-01-02T00:00:00Z");
  EXPECT_THAT(bench.run({"run"}).output, StartsWith("policy web: 3 servers are due"))
      << "also those that were not begun";
}

TEST_F(Policies, LeaveAloneForAWhileWhatFailed) {
  write("[policy.db]\ntag = \"role=db\"\nevery = \"1d\"\nretry-after = \"3h\"\n");
  instance("db-1").settings.stop_protection = true;
  EXPECT_EQ(bench.run({"run"}).status, 10);
  EXPECT_EQ(run_for(150min).status, 0) << "it is not even tried";
  pass(46min);
  EXPECT_EQ(bench.run({"run"}).status, 10);
  instance("db-1").settings.stop_protection = false;
  pass(3h + 1min);
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("db-1").size(), 1U);
}

TEST_F(Policies, AreRunAtOnceIfNamedWithNow) {
  write(weekly);
  const auto unnamed = bench.run({"run", "--now"});
  EXPECT_EQ(unnamed.status, 2);
  EXPECT_THAT(unnamed.diagnostics, HasSubstr("--now is for policies that are named"));
  const auto result = bench.run({"run", "web", "--now"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(stops_of("web-1").size(), 1U);
  EXPECT_EQ(bench.run({"run", "web", "--now"}).status, 0);
  EXPECT_EQ(stops_of("web-1").size(), 2U);
}

TEST_F(Policies, AreOnlyThoseThatAreNamed) {
  write(
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\n"
      "[policy.db]\ntag = \"role=db\"\nevery = \"1d\"\n");
  EXPECT_EQ(bench.run({"run", "db"}).status, 0);
  EXPECT_THAT(stops_of("web-1"), IsEmpty());
  EXPECT_EQ(stops_of("db-1").size(), 1U);
  const auto mistyped = bench.run({"run", "wep"});
  EXPECT_EQ(mistyped.status, 2);
  EXPECT_THAT(mistyped.diagnostics, HasSubstr("there is no policy \"wep\" in "));
  EXPECT_THAT(mistyped.diagnostics, HasSubstr("HINT: did you mean web?"));
}

TEST_F(Policies, SayWhereTheirServersAre) {
  const std::string other_account = "222222222222";
  bench.add_account(other_account, three_servers());
  write(
      fmt::format("region = \"us-east-1\"\n[policy.shop]\nassume-role = \"{}\"\nall = true\n"
                  "every = \"1d\"\n",
                  SitesBench::role_in(other_account)));
  bench.variables.erase("AWS_REGION");
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("policy shop: 3 servers are due"));
  EXPECT_EQ(bench.assumed, 1);
}

TEST_F(Policies, ThatAreMistakenDoNotStopTheOthers) {
  write(
      "[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\nmax-donw = 1\n"
      "[policy.db]\ntag = \"role=db\"\nevery = \"1d\"\n");
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.diagnostics, HasSubstr(file() + ":4: policy.web.max-donw: unknown key\n"
                                                     "HINT: did you mean max-down?"));
  EXPECT_THAT(stops_of("web-1"), IsEmpty());
  EXPECT_EQ(stops_of("db-1").size(), 1U);
}

TEST_F(Policies, BringBackWhatWasLeftDownWhateverTheWindow) {
  write(weekly);
  bench.run_until("StartInstances", {"run", "web", "--now"});
  pass(15min);
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("2 of 2 recovered"));
  EXPECT_EQ(stops_of("web-1").size(), 1U);
  EXPECT_EQ(bench.run({"run"}).output, "") << "once";
}

TEST_F(Policies, BringBackWhatWasLeftDownWhateverTheFile) {
  write(weekly);
  bench.run_until("StartInstances", {"run", "web", "--now"});
  write("[policy.web");
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr("2 of 2 recovered"));
  EXPECT_THAT(result.diagnostics, HasSubstr(file() + ":1:12: "));
  EXPECT_EQ(stops_of("web-1").size(), 1U);
}

TEST_F(Policies, CountWhatWasRecoveredForThem) {
  write("[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\nmax-down = 2\n");
  bench.run_until("StartInstances", {"run"});
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("2 of 2 recovered, 2 with a good backup"));
  EXPECT_THAT(result.output, Not(HasSubstr("are due"))) << "they have their backup";
  EXPECT_EQ(stops_of("web-1").size(), 1U);
}

TEST_F(Policies, AreLeftToAProcessThatIsAtIt) {
  write("[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\n");
  RunLocks of_another(fs::path(bench.variables["XDG_STATE_HOME"]) / "pitstop");
  ASSERT_TRUE(of_another.lock(RunId("policy-web")));
  const auto result = bench.run({"run", "--output", "json"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(messages_of(result).front()["standing"], "under_way");
  EXPECT_THAT(stops_of("web-1"), IsEmpty());
  of_another.unlock(RunId("policy-web"));
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_EQ(stops_of("web-1").size(), 1U);
}

TEST_F(Policies, NeedAFile) {
  const auto missing = bench.run({"run"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.diagnostics, HasSubstr("there is no file " + file()));
  write("");
  const auto empty = bench.run({"run"});
  EXPECT_EQ(empty.status, 2);
  EXPECT_THAT(empty.diagnostics, HasSubstr("no policy is in it"));
}

/// What `policy check` says of a file: each mistake without the file's path.
std::vector<std::string> mistakes_in(SitesBench& bench, const std::string& path) {
  const auto result = bench.run({"policy", "check"});
  std::vector<std::string> mistakes;
  for (const auto line : split(trimmed(result.diagnostics), '\n')) {
    const auto begin = "error: " + path + ":";
    if (line.starts_with(begin)) {
      mistakes.emplace_back(line.substr(begin.size()));
    }
  }
  EXPECT_EQ(result.status, mistakes.empty() ? 0 : 2) << result.output;
  return mistakes;
}

TEST_F(Policies, AreCheckedToTheLastLine) {
  write(R"(time-zone = "Europe/Bonn"
[policy.web]
tag = ["role=web", "backup"]
every = "fortnight"
window = ["Sun 02:00-05:00", "Son 02:00-05:00"]
max-down = "many"
start-when = "started"
prime = "yes"
set-tag = "aws:x=y"
excluded = "i-1"
)");
  EXPECT_THAT(
      mistakes_in(bench, file()),
      ElementsAre(StartsWith("1: time-zone: there is no time zone \"Europe/Bonn\""),
                  StartsWith("4: policy.web.every: "),
                  StartsWith("5: policy.web.window: \"Son 02:00-05:00\" is not a window"),
                  StartsWith("8: policy.web.prime: expected true or false, but got "),
                  StartsWith("10: policy.web.excluded: unknown key"),
                  StartsWith("3: policy.web.tag: --tag \"backup\" is not KEY=VALUE"),
                  StartsWith("7: policy.web.start-when: "),
                  StartsWith("9: policy.web.set-tag: --set-tag \"aws:x=y\" has a reserved "),
                  StartsWith("6: policy.web.max-down: --max-down: ")));
}

TEST_F(Policies, AreCheckedForWhatIsMissing) {
  write("[policy.web]\nwindow = \"02:00-05:00\"\n\n[policy.db]\nevery = \"1d\"\n");
  EXPECT_THAT(mistakes_in(bench, file()),
              ElementsAre("1: policy.web: every is missing",
                          "2: policy.web.window: a window needs a time-zone",
                          "4: policy.db: no server is named"));
}

TEST_F(Policies, AreCheckedForWhatDoesNotGoTogether) {
  write(
      "[policy.web]\nall = true\nevery = \"1d\"\nstandby = true\nonline = true\n"
      "[policy.db]\nall = true\ntag = \"role=db\"\nevery = \"1d\"\n"
      "[policy.app]\nall = true\nevery = \"1d\"\nmax-down-per-group = 2\n"
      "[policy.\"a b\"]\nall = true\nevery = \"1d\"\n");
  EXPECT_THAT(
      mistakes_in(bench, file()),
      ElementsAre("5: policy.web.online: --standby is for a stop, and --online is without",
                  StartsWith("8: policy.db.tag: instance ids, --tag and --all are three ways"),
                  "13: policy.app.max-down-per-group: --max-down-per-group is for groups",
                  "14: policy.a b: this is no name for a policy"));
}

TEST_F(Policies, AreShownByTheCheck) {
  write(weekly + std::string("[policy.db]\nall = true\nevery = \"12h\"\n"));
  const auto result = bench.run({"policy", "check"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(result.output,
            "web: every 7d, Sun 02:00-05:00 Europe/Berlin; opens Sun 2026-01-04 02:00 CET\n"
            "db: every 12h 00m, at any time\n" +
                file() + ": 2 policies, no mistakes\n");
  EXPECT_EQ(bench.calls, 0);
  const auto in_json = messages_of(bench.run({"policy", "check", "--output", "json"})).back();
  EXPECT_EQ(in_json["message_type"], "policy_file");
  EXPECT_EQ(in_json["policies"][0]["every_seconds"], 604800.0);
  EXPECT_EQ(in_json["policies"][0]["windows"][0], "Sun 02:00-05:00");
  EXPECT_EQ(in_json["policies"][0]["opens"], "2026-01-04T01:00:00.000Z");
  EXPECT_EQ(in_json["policies"][1]["open"], true);
  expect_documented(in_json);
}

TEST_F(Policies, PassOverServersThatAreRestoredUntilTheyAreAdopted) {
  write("[policy.web]\ntag = \"role=web\"\nevery = \"7d\"\n");
  auto& region = bench.account(SitesBench::own_account).region("us-east-1");
  auto& restored = region.instances.begin()->second;
  restored.tags["role"] = "web";
  restored.tags["pitstop:restored-from"] = "b-0123456789ab";
  const auto stops = restored.history.size();
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output + result.diagnostics, HasSubstr("passed over"));
  EXPECT_EQ(restored.history.size(), stops);
  restored.tags.erase("pitstop:restored-from");
  EXPECT_EQ(bench.run({"run"}).status, 0);
  EXPECT_GT(restored.history.size(), stops);
}

}  // namespace
}  // namespace pitstop::test
