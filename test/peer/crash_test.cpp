// The real program, really killed (SIGKILL), before ec2sim over HTTP: servers come back, and two
// runs never work on one.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "journal/journal.hpp"
#include "sim/ec2sim_process.hpp"
#include "support/aws_cli.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// So many servers that stop, start and show progress within a second or two.
std::string quick_servers(int count) {
  return fmt::format(R"(seed = 7
region = "us-east-1"

[throttling]
on = false

[pace.server]
shutdown = "1s"
release = "500ms"
boot = "1s"

[pace.snapshot]
lag = "1s"
silence = "500ms"
mib_per_second = 200

[[server]]
name = "web"
count = {}

[[server.volume]]
device = "/dev/xvda"
used_gib = 0.5

[[server.volume]]
device = "/dev/xvdf"
used_gib = 0.5
)",
                     count);
}

class PeerCrash : public testing::Test {
 protected:
  void begin(int servers) {
    const auto scenario = directory.write("quick.toml", quick_servers(servers));
    cloud = std::make_unique<Ec2sim>(std::vector<std::string>{"--scenario", scenario.string()});
    for (const auto& instance : state()["instances"]) {
      ids.push_back(instance["instance_id"]);
    }
    ASSERT_EQ(ids.size(), static_cast<std::size_t>(servers));
  }

  Command pitstop(std::vector<std::string> arguments, const std::string& state_directory) const {
    Command command;
    command.arguments = {PITSTOP_BINARY, "--endpoint-url", cloud->endpoint(), "--state-dir",
                         (directory / state_directory).string()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = aws_test_environment();
    return command;
  }

  nlohmann::json state() const { return cloud->page("/_sim/state")["regions"]["us-east-1"]; }

  /// What a recovery must leave: everybody runs, and nothing lies about.
  void expect_all_is_well() {
    const auto now = state();
    for (const auto& instance : now["instances"]) {
      EXPECT_EQ(instance["state"], "running") << instance["instance_id"];
      EXPECT_FALSE(instance["tags"].contains("pitstop:down")) << instance["instance_id"];
    }
    EXPECT_TRUE(now["schedules"].empty()) << now["schedules"];
    for (const auto& reservation : now["capacity_reservations"]) {
      EXPECT_EQ(reservation["state"], "cancelled") << reservation["reservation_id"];
    }
    std::map<std::string, int> sets;
    for (const auto& snapshot : now["snapshots"]) {
      if (snapshot["tags"].contains("pitstop:run")) {
        const std::string run = snapshot["tags"]["pitstop:run"];
        const std::string volume = snapshot["volume_id"];
        EXPECT_EQ(++sets[run + ' ' + volume], 1) << run << " of " << volume;
      }
    }
    for (const auto& snapshot : cloud->page("/_sim/truth")["snapshots"]) {
      EXPECT_EQ(snapshot["at_rest"], true) << snapshot["snapshot_id"];
    }
  }

  TemporaryDirectory directory;
  std::unique_ptr<Ec2sim> cloud;
  std::vector<std::string> ids;
};

TEST_F(PeerCrash, AProcessThatIsKilledAtAnyTimeLeavesNobodyDown) {
  constexpr int points = 36;
  constexpr milliseconds between_points(350);
  begin(points);

  // Each has a server of its own, and they share a journal: they are killed one after another.
  std::vector<std::unique_ptr<ChildProcess>> runs;
  for (const auto& id : ids) {
    std::vector<std::string> arguments{"backup", id, "--no-wait"};
    if (runs.size() % 2 == 1) {
      arguments.insert(arguments.end(), {"--reserve-capacity", "--guard-role",
                                         "arn:aws:iam::123456789012:role/pitstop-guard"});
    }
    runs.push_back(std::make_unique<ChildProcess>(pitstop(std::move(arguments), "shared")));
  }
  for (const auto& run : runs) {
    std::this_thread::sleep_for(between_points);
    run->signal(SIGKILL);
  }
  runs.clear();

  // The recovery is killed, too, and then begun twice at once.
  {
    ChildProcess killed(pitstop({"recover"}, "shared"));
    std::this_thread::sleep_for(Seconds(2));
    killed.signal(SIGKILL);
  }
  ChildProcess one(pitstop({"recover"}, "shared"));
  ChildProcess other(pitstop({"recover"}, "shared"));
  for (auto* recovery : {&one, &other}) {
    const auto ended = recovery->wait(Seconds(150));
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->exit_status, 0) << *ended;
  }
  expect_all_is_well();
  const auto journal = Journal::open(directory / "shared");
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_THAT(*journal->open_backups(), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(directory / "shared/runs"));
}

/// Two hosts, who know nothing of each other, and one server a pair, begun within moments.
TEST_F(PeerCrash, OfTwoRunsExactlyOneBacksAServerUp) {
  constexpr int pairs = 10;
  constexpr milliseconds longest_lead(3600);
  begin(pairs);
  std::vector<std::unique_ptr<ChildProcess>> first;
  std::vector<std::unique_ptr<ChildProcess>> second;
  for (int i = 0; i < pairs; ++i) {
    first.push_back(
        std::make_unique<ChildProcess>(pitstop({"backup", ids[i], "--no-wait"}, "host-1")));
  }
  for (int i = 0; i < pairs; ++i) {
    second.push_back(
        std::make_unique<ChildProcess>(pitstop({"backup", ids[i], "--no-wait"}, "host-2")));
    std::this_thread::sleep_for(longest_lead / pairs);
  }
  for (int i = 0; i < pairs; ++i) {
    const auto one = first[i]->wait(Seconds(60));
    const auto other = second[i]->wait(Seconds(60));
    ASSERT_TRUE(one && other);
    std::vector<int> statuses{one->exit_status, other->exit_status};
    std::ranges::sort(statuses);
    EXPECT_THAT(statuses, ElementsAre(0, 11)) << *one << *other;
    const auto& loser = one->exit_status == 11 ? *one : *other;
    EXPECT_NE(loser.errors.find("is held by the run r-"), std::string::npos) << loser;
  }
  expect_all_is_well();
  for (const auto& instance : cloud->page("/_sim/truth")["instances"]) {
    EXPECT_EQ(instance["outages"].size(), 1U) << instance["instance_id"];
  }
}

/// What an operator who is called has been told, when he has been; nothing if he is not.
std::string text_of(const std::filesystem::path& file) {
  for (int tries = 0; tries < 1000 && !std::filesystem::exists(file); ++tries) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// The first Ctrl-C brings the server back; the second one of a person, who has had a second to
/// read that, ends at once, calls an operator, and says how to go on. Until then all pairs of
/// SIGTERM and SIGINT, and a key that is hit twice, mean no more than one.
TEST_F(PeerCrash, TheSecondCtrlCEndsAtOnceAndSaysHowToRecover) {
  begin(1);
  const auto called = directory / "called";
  const auto script = directory.write(
      "call.sh", fmt::format("cat > '{0}.part' && mv '{0}.part' '{0}'\n", called.string()));
  auto command = pitstop({"backup", ids[0], "--on-down", "sh " + script.string()}, "host-1");
  command.at_terminal = true;
  ChildProcess run(command);
  ASSERT_TRUE(run.await_text("stopped"));
  run.signal(SIGHUP);
  run.signal(SIGTERM);
  run.type("\x03\x03");
  ASSERT_TRUE(run.await_text("interrupted"));
  run.signal(SIGINT);
  run.signal(SIGTERM);
  std::this_thread::sleep_for(milliseconds(1300));
  ASSERT_TRUE(run.running());
  run.type("\x03");
  const auto ended = run.wait(Seconds(20));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exit_status, 20) << *ended;
  EXPECT_NE(ended->errors.find("HINT: pitstop recover brings them back"), std::string::npos)
      << *ended;
  EXPECT_NE(text_of(called).find("pitstop was told to end"), std::string::npos);
  const auto recovered = run_process(pitstop({"recover", "--no-wait"}, "host-1"));
  EXPECT_EQ(recovered.exit_status, 0) << recovered;
  expect_all_is_well();
}

}  // namespace
}  // namespace pitstop::test
