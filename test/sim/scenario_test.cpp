#include "sim/scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "sim/scenario/read_scenario.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::sim {
namespace {

using std::chrono::minutes;

Scenario good(std::string_view text) {
  const auto scenario = read_scenario(text, "test.toml");
  EXPECT_TRUE(scenario.has_value()) << scenario.error().message;
  return scenario.value_or(Scenario());
}

void expect_spread(const Spread& spread, Duration least, Duration usual, Duration most) {
  EXPECT_EQ(spread.least, least);
  EXPECT_EQ(spread.usual, usual);
  EXPECT_EQ(spread.most, most);
}

TEST(Scenario, AnEmptyFileIsAnEmptyCloud) {
  const auto scenario = good("");
  EXPECT_EQ(scenario.seed, 1U);
  EXPECT_EQ(scenario.region, "us-east-1");
  EXPECT_TRUE(scenario.servers.empty());
  EXPECT_TRUE(scenario.throttling.on);
}

TEST(Scenario, AServerNeedsOnlyItsName) {
  const auto scenario = good("[[server]]\nname = \"web-1\"\n");
  ASSERT_EQ(scenario.servers.size(), 1U);
  const auto& server = scenario.servers.front();
  EXPECT_EQ(server.name, "web-1");
  EXPECT_EQ(server.count, 1);
  ASSERT_EQ(server.volumes.size(), 1U);
  EXPECT_EQ(server.volumes.front().device, "/dev/xvda");
  EXPECT_EQ(server.volumes.front().size_gib, 8);
}

// Every key once, none with its default.
constexpr auto everything = R"(
seed = 42
account = "210987654321"
region = "eu-central-1"

[consistency]
late_looks = 0.25
most = "7s"

[throttling]
on = false
neighbour = 0.5

[policy]
denied = ["StartInstances", "scheduler:CreateSchedule", "iam:PassRole"]

[scheduler]
role_may_start = false
role_needs_tag = "pitstop:down"

[pace.server]
shutdown = "10s"
hung_shutdowns = 0.125
power_cut_after = "3m"
release = { least = "1s", usual = "2s", most = "3s" }
boot = "11s"
fall_back = "12s"

[pace.snapshot]
lag = "13s"
mib_per_second = 99.5
step = 2
jumping = 0.5
silence = "500ms"
failing = 0.75

[[server]]
name = "db"
id = "i-0123456789abcdef0"
region = "us-west-2"
zone = "us-west-2b"
type = "r5.large"
stopped = true
stop_protection = true
public_ip = true
elastic_ip = true
hibernation = true
spot = "persistent"
managed_by = "eks.amazonaws.com"
starts_that_fall_back = 2
tags = { team = "shop", "a b" = "" }
pace = { boot = "20s" }

[[server.event]]
code = "system-reboot"
after = "20m"

[[server.volume]]
device = "/dev/sda1"
size_gib = 20
type = "io2"
encrypted = true
used_gib = 12.5
writes_mib_per_second = 3
delete_on_termination = false
tags = { content = "system" }

[[server.volume]]
device = "/dev/sdf"

[server.volume.pace]
lag = { least = "1m", usual = "2m", most = "1h30m" }

[[server]]
name = "web"
count = 5

[[shortage]]
instance_type = "r5.large"
zone = "us-west-2b"
from = "5m"
until = "20m"

[[shortage]]
until = "1s"

[[fault]]
action = "CreateSnapshots"
nth = 2
times = 3
kind = "lost-reply"

[[fault]]
action = "StartInstances"
kind = "no-capacity"

[[fault]]
action = "StopInstances"
kind = "false-refusal"
code = "Blocked"
status = 403

[faults]
until = "2h"
throttled = 0.1
late = 0.01
)";

TEST(Scenario, SettingsOfTheWholeCloud) {
  const auto scenario = good(everything);
  EXPECT_EQ(scenario.seed, 42U);
  EXPECT_EQ(scenario.account, "210987654321");
  EXPECT_EQ(scenario.region, "eu-central-1");
  EXPECT_EQ(scenario.consistency.late_looks, 0.25);
  EXPECT_EQ(scenario.consistency.most, Seconds(7));
  EXPECT_FALSE(scenario.throttling.on);
  EXPECT_EQ(scenario.throttling.neighbour, 0.5);
  EXPECT_EQ(
      scenario.denied_actions,
      (std::vector<std::string>{"StartInstances", "scheduler:CreateSchedule", "iam:PassRole"}));
  EXPECT_FALSE(scenario.scheduler_role.may_start);
  EXPECT_EQ(scenario.scheduler_role.needs_tag, "pitstop:down");
}

TEST(Scenario, Paces) {
  const auto scenario = good(everything);
  const auto& server = scenario.server_pace;
  expect_spread(server.shutdown, Seconds(10), Seconds(10), Seconds(10));
  EXPECT_EQ(server.hung_shutdowns, 0.125);
  EXPECT_EQ(server.power_cut_after, minutes(3));
  expect_spread(server.release, Seconds(1), Seconds(2), Seconds(3));
  expect_spread(server.boot, Seconds(11), Seconds(11), Seconds(11));
  expect_spread(server.fall_back, Seconds(12), Seconds(12), Seconds(12));
  const auto& snapshot = scenario.snapshot_pace;
  expect_spread(snapshot.lag, Seconds(13), Seconds(13), Seconds(13));
  EXPECT_EQ(snapshot.mib_per_second, 99.5);
  EXPECT_EQ(snapshot.step, 2);
  EXPECT_EQ(snapshot.jumping, 0.5);
  expect_spread(snapshot.silence, Milliseconds(500), Milliseconds(500), Milliseconds(500));
  EXPECT_EQ(snapshot.failing, 0.75);
}

TEST(Scenario, Servers) {
  const auto scenario = good(everything);
  ASSERT_EQ(scenario.servers.size(), 2U);
  const auto& server = scenario.servers.front();
  EXPECT_EQ(server.name, "db");
  EXPECT_EQ(server.id, InstanceId("i-0123456789abcdef0"));
  EXPECT_EQ(server.region, "us-west-2");
  EXPECT_EQ(server.zone, "us-west-2b");
  EXPECT_EQ(server.type, "r5.large");
  EXPECT_TRUE(server.stopped);
  EXPECT_TRUE(server.stop_protection);
  EXPECT_TRUE(server.public_ip);
  EXPECT_TRUE(server.elastic_ip);
  EXPECT_TRUE(server.hibernation);
  EXPECT_EQ(server.spot, "persistent");
  EXPECT_EQ(server.managed_by, "eks.amazonaws.com");
  ASSERT_EQ(server.events.size(), 1U);
  EXPECT_EQ(server.events[0].code, "system-reboot");
  EXPECT_EQ(server.events[0].after, std::chrono::minutes(20));
  EXPECT_EQ(server.starts_that_fall_back, 2);
  EXPECT_EQ(server.tags, (Tags{{"team", "shop"}, {"a b", ""}}));
  const auto& second = scenario.servers.back();
  EXPECT_EQ(second.name, "web");
  EXPECT_EQ(second.count, 5);
  EXPECT_EQ(second.region, "eu-central-1") << "the scenario's";
}

TEST(Scenario, Volumes) {
  const auto scenario = good(everything);
  ASSERT_EQ(scenario.servers.front().volumes.size(), 2U);
  const auto& volume = scenario.servers.front().volumes.front();
  EXPECT_EQ(volume.device, "/dev/sda1");
  EXPECT_EQ(volume.size_gib, 20);
  EXPECT_EQ(volume.type, "io2");
  EXPECT_TRUE(volume.encrypted);
  EXPECT_EQ(volume.used_gib, 12.5);
  EXPECT_EQ(volume.writes_mib_per_second, 3);
  EXPECT_FALSE(volume.delete_on_termination);
  EXPECT_EQ(volume.tags, (Tags{{"content", "system"}}));
}

TEST(Scenario, APaceOfItsOwnChangesOnlyWhatItNames) {
  const auto scenario = good(everything);
  const auto& server = scenario.servers.front();
  EXPECT_EQ(server.pace.boot.usual, Seconds(20));
  EXPECT_EQ(server.pace.shutdown.usual, Seconds(10)) << "the scenario's";
  const auto& pace = server.volumes.back().snapshot_pace;
  expect_spread(pace.lag, minutes(1), minutes(2), minutes(90));
  EXPECT_EQ(pace.mib_per_second, 99.5) << "the scenario's";
  EXPECT_EQ(scenario.servers.back().volumes.front().snapshot_pace.step, 2) << "the scenario's";
}

TEST(Scenario, ShortagesAndFaults) {
  const auto scenario = good(everything);
  ASSERT_EQ(scenario.shortages.size(), 2U);
  EXPECT_EQ(scenario.shortages.front().instance_type, "r5.large");
  EXPECT_EQ(scenario.shortages.front().zone, "us-west-2b");
  EXPECT_EQ(scenario.shortages.front().from, minutes(5));
  EXPECT_EQ(scenario.shortages.front().until, minutes(20));
  EXPECT_EQ(scenario.shortages.back().instance_type, "");
  ASSERT_EQ(scenario.faults.scripted.size(), 3U);
  EXPECT_EQ(scenario.faults.scripted.front().action, "CreateSnapshots");
  EXPECT_EQ(scenario.faults.scripted.front().nth, 2);
  EXPECT_EQ(scenario.faults.scripted.front().times, 3);
  EXPECT_EQ(scenario.faults.scripted.front().kind, FaultKind::lost_reply);
  EXPECT_EQ(scenario.faults.scripted[1].nth, 1);
  EXPECT_EQ(scenario.faults.scripted.back().kind, FaultKind::false_refusal);
  EXPECT_EQ(scenario.faults.scripted.back().code, "Blocked");
  EXPECT_EQ(scenario.faults.scripted.back().status, 403);
  EXPECT_EQ(scenario.faults.random.until, minutes(120));
  const std::map<FaultKind, double> parts{{FaultKind::throttled, 0.1}, {FaultKind::late, 0.01}};
  EXPECT_EQ(scenario.faults.random.parts, parts);
}

TEST(Scenario, ExamplesAreGood) {
  int examples = 0;
  const auto folder = std::filesystem::path(PITSTOP_SOURCE_DIR) / "sim" / "scenarios";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto scenario = load_scenario(file.path());
    EXPECT_TRUE(scenario.has_value()) << scenario.error().message;
    ++examples;
  }
  EXPECT_GE(examples, 3);
}

TEST(Scenario, AFileThatIsNotThere) {
  const test::TemporaryDirectory directory;
  const auto path = directory / "demo.toml";
  const auto scenario = load_scenario(path);
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(scenario.error().kind, ErrorKind::usage);
  EXPECT_EQ(scenario.error().message,
            "cannot read the scenario " + path.string() + ": no such file or directory");
  const auto folder = load_scenario(directory.path());
  ASSERT_FALSE(folder.has_value());
  EXPECT_EQ(folder.error().message,
            "cannot read the scenario " + directory.path().string() + ": is a directory");
  EXPECT_TRUE(load_scenario(directory.write("empty.toml", "")).has_value());
}

}  // namespace
}  // namespace pitstop::sim
