#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api_bench.hpp"
#include "sim/cloud/truth.hpp"

namespace pitstop::test {
namespace {

using sim::InstanceState;

TEST(ApiPopulate, ServersOfAPlanAreNumbered) {
  ApiBench bench(api_scenario(3));
  std::set<std::string> names;
  std::set<std::string> addresses;
  for (const auto& [id, instance] : bench.region().instances) {
    EXPECT_EQ(instance.state(), InstanceState::running);
    names.insert(instance.tags.at("Name"));
    addresses.insert(instance.settings.private_ip);
  }
  EXPECT_EQ(names, (std::set<std::string>{"db-1", "db-2", "db-3"}));
  EXPECT_EQ(addresses.size(), 3U);
}

TEST(ApiPopulate, ARunningServerHasRunForLongAndHasWritten) {
  ApiBench bench;
  EXPECT_EQ(bench.simulator.age(), Duration::zero());
  EXPECT_EQ(bench.server().history.size(), 1U);
  EXPECT_LT(bench.server().created(), bench.time.now() - std::chrono::hours(23));
  auto& volume = bench.region().volumes.at(VolumeId(bench.volume(1)));
  EXPECT_EQ(volume.contents.file_system, sim::FileSystem::mounted);
  EXPECT_EQ(volume.used_bytes, std::uint64_t{10} << 30);
  EXPECT_EQ(bench.region().volumes.at(VolumeId(bench.volume(0))).used_bytes, std::uint64_t{4} << 30)
      << "half of it, unless the plan says";
  EXPECT_TRUE(outages_of(bench.region(), bench.server().id).empty());
}

TEST(ApiPopulate, AStoppedServerWasStoppedCleanlyLongAgo) {
  auto scenario = api_scenario();
  scenario.servers.front().stopped = true;
  scenario.servers.front().stop_protection = true;
  ApiBench bench(scenario);
  EXPECT_EQ(bench.server().state(), InstanceState::stopped);
  EXPECT_TRUE(bench.server().settings.stop_protection);
  EXPECT_EQ(bench.region().volumes.at(VolumeId(bench.volume())).contents.file_system,
            sim::FileSystem::clean);
  EXPECT_TRUE(outages_of(bench.region(), bench.server().id).empty());
  bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  bench.pass(Seconds(20));
  EXPECT_EQ(bench.server().state(), InstanceState::running);
}

TEST(ApiPopulate, AServerHasTheIdAndThePlaceThatItsPlanGives) {
  auto scenario = api_scenario();
  auto& plan = scenario.servers.front();
  plan.id = InstanceId("i-0123456789abcdef0");
  plan.region = "eu-central-1";
  plan.zone = "eu-central-1b";
  plan.type = "m6g.large";
  ApiBench bench(scenario);
  EXPECT_TRUE(bench.region().instances.empty());
  const auto& server = bench.simulator.region("eu-central-1").instances.at(*plan.id);
  EXPECT_EQ(server.settings.zone, "eu-central-1b");
  EXPECT_EQ(server.settings.architecture, "arm64");
  EXPECT_EQ(server.settings.cpu_cores, 2);
}

TEST(ApiPopulate, TheFirstStartsFallBackWhereThePlanSaysSo) {
  auto scenario = api_scenario();
  scenario.servers.front().starts_that_fall_back = 1;
  ApiBench bench(scenario);
  bench.stop();
  bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  bench.pass(Seconds(5));
  EXPECT_EQ(bench.server().state(), InstanceState::stopped);
  EXPECT_EQ(bench.call("DescribeInstances").text("//stateReason/code"), "Client.InternalError");
  bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  bench.pass(Seconds(20));
  EXPECT_EQ(bench.server().state(), InstanceState::running);
}

TEST(ApiPopulate, TheSameSeedMakesTheSameWorldAndAnotherOneAnother) {
  ApiBench one(api_scenario(3));
  ApiBench same(api_scenario(3));
  auto scenario = api_scenario(3);
  scenario.seed = 2;
  ApiBench other(scenario);
  const auto body = [](ApiBench& bench) { return bench.call("DescribeInstances").response.body; };
  const auto first = body(one);
  EXPECT_EQ(first, body(same));
  EXPECT_NE(first, body(other));
}

}  // namespace
}  // namespace pitstop::test
