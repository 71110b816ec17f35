#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"
#include "sim/api/filters.hpp"

namespace pitstop::test {
namespace {

using sim::matches;

TEST(ApiFilters, AStarStandsForAnyTextAndAQuestionMarkForOneCharacter) {
  EXPECT_TRUE(matches("web", "web"));
  EXPECT_FALSE(matches("web", "webs"));
  EXPECT_FALSE(matches("webs", "web"));
  EXPECT_FALSE(matches("Web", "web"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("w*", "web-1"));
  EXPECT_TRUE(matches("*-?", "web-1"));
  EXPECT_FALSE(matches("*-?", "web-12"));
  EXPECT_TRUE(matches("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(matches("*a*b*", "xxbxxaxx"));
  EXPECT_TRUE(matches("?", "ü"));
  EXPECT_FALSE(matches("?", ""));
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
}

TEST(ApiFilters, ABackslashTakesTheNextCharacterAsItIs) {
  EXPECT_TRUE(matches("\\*amazon\\?\\\\", "*amazon?\\"));
  EXPECT_FALSE(matches("\\*", "a"));
  EXPECT_TRUE(matches("a\\", "a\\"));
}

TEST(ApiFilters, ManyStarsTakeNoTime) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) {
    pattern += "*a";
  }
  EXPECT_FALSE(matches(pattern + "b", std::string(10'000, 'a')));
}

ApiParameters filter(const std::string& name, const std::vector<std::string>& values,
                     int number = 1) {
  ApiParameters parameters{{fmt::format("Filter.{}.Name", number), name}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameters.emplace_back(fmt::format("Filter.{}.Value.{}", number, i + 1), values[i]);
  }
  return parameters;
}

std::size_t instances(ApiBench& bench, const ApiParameters& parameters) {
  const auto reply = bench.call("DescribeInstances", parameters);
  EXPECT_TRUE(reply.succeeded()) << reply;
  return reply.count("//instanceId");
}

TEST(ApiFilters, ThingsAreFoundByTheirTags) {
  ApiBench bench(api_scenario(12));
  EXPECT_EQ(instances(bench, filter("tag:Name", {"db-3"})), 1U);
  EXPECT_EQ(instances(bench, filter("tag:Name", {"db-1*"})), 4U);
  EXPECT_EQ(instances(bench, filter("tag:Name", {"db-?"})), 9U);
  EXPECT_EQ(instances(bench, filter("tag:Name", {"db-3", "db-4"})), 2U);
  EXPECT_EQ(instances(bench, filter("tag:name", {"*"})), 0U);
  EXPECT_EQ(instances(bench, filter("tag-key", {"team"})), 12U);
  EXPECT_EQ(instances(bench, filter("tag-key", {"Team"})), 0U);
}

TEST(ApiFilters, AThingHasToPassAllOfThem) {
  ApiBench bench(api_scenario(3));
  auto both = filter("tag:team", {"shop"});
  for (auto& parameter : filter("tag:Name", {"db-2"}, 2)) {
    both.push_back(std::move(parameter));
  }
  EXPECT_EQ(instances(bench, both), 1U);
  both.back().second = "db-9";
  EXPECT_EQ(instances(bench, both), 0U);
}

TEST(ApiFilters, ThingsThatAreAskedForByIdAreFilteredToo) {
  ApiBench bench(api_scenario(3));
  auto parameters = filter("instance-state-name", {"stopped"});
  parameters.emplace_back("InstanceId.1", bench.id());
  EXPECT_EQ(instances(bench, parameters), 0U);
  bench.stop();
  EXPECT_EQ(instances(bench, parameters), 1U);
}

TEST(ApiFilters, AnUnknownOneIsInvalid) {
  ApiBench bench;
  for (const auto* action : {"DescribeInstances", "DescribeVolumes", "DescribeSnapshots",
                             "DescribeImages", "DescribeTags", "DescribeRegions"}) {
    const auto reply = bench.call(action, filter("colour", {"red"}));
    EXPECT_EQ(reply.code(), "InvalidParameterValue") << action;
    EXPECT_EQ(reply.message(), "The filter 'colour' is invalid");
  }
}

TEST(ApiFilters, OneWithoutAValueIsNone) {
  ApiBench bench;
  EXPECT_EQ(bench.call("DescribeInstances", {{"Filter.1.Name", "tag:a"}}).code(),
            "InvalidParameterValue");
  EXPECT_EQ(bench.call("DescribeInstances", {{"Filter.1.Value.1", "a"}}).code(),
            "InvalidParameterValue");
}

TEST(ApiFilters, ThereAreAtMostFiftyOfTwoHundredValues) {
  ApiBench bench;
  const std::vector<std::string> values(201, "x");
  EXPECT_EQ(bench.call("DescribeInstances", filter("tag:a", values)).code(), "FilterLimitExceeded");
  ApiParameters many;
  for (int i = 1; i <= 51; ++i) {
    for (auto& parameter : filter("tag:a", {"x"}, i)) {
      many.push_back(std::move(parameter));
    }
  }
  EXPECT_EQ(bench.call("DescribeInstances", many).code(), "FilterLimitExceeded");
  many.resize(100);
  EXPECT_TRUE(bench.call("DescribeInstances", many).succeeded());
}

TEST(ApiFilters, ThoseOfInstancesFindWhatTheyAreNamedAfter) {
  ApiBench bench;
  for (const auto& [name, value] : ApiParameters{
           {"instance-id", bench.id()},
           {"instance-state-code", "16"},
           {"instance-state-name", "running"},
           {"instance-type", "t3.*"},
           {"image-id", "ami-0000000000000000a"},
           {"availability-zone", "us-east-1a"},
           {"availability-zone-id", "use1-az1"},
           {"block-device-mapping.volume-id", bench.volume(1)},
           {"block-device-mapping.device-name", "/dev/xvdf"},
           {"block-device-mapping.delete-on-termination", "false"},
           {"root-device-type", "ebs"},
           {"owner-id", "123456789012"},
           {"architecture", "x86_64"},
           {"hibernation-options.configured", "false"},
           {"vpc-id", "vpc-*"},
           {"private-ip-address", "172.31.*"},
           {"instance.group-name", "default"},
           {"reservation-id", "r-*"},
           {"tenancy", "default"},
           {"launch-time", "2025-12-31T*"},
       }) {
    EXPECT_EQ(instances(bench, filter(name, {value})), 1U) << name;
    EXPECT_EQ(instances(bench, filter(name, {"no such"})), 0U) << name;
  }
  EXPECT_EQ(instances(bench, filter("instance-lifecycle", {"spot"})), 0U);
  EXPECT_EQ(instances(bench, filter("platform", {"windows"})), 0U);
}

}  // namespace
}  // namespace pitstop::test
