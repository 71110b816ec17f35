#include "aws/instance_metadata.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_http.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using testing::HasSubstr;

struct MetadataBench {
  explicit MetadataBench(VirtualTime& time_, MetadataSettings settings = {})
      : time(time_), metadata(http, time, random, std::move(settings)) {}

  VirtualTime& time;
  test::ScriptedHttp http;
  SeededRandom random{1};
  InstanceMetadata metadata;
};

VIRTUAL_TEST(InstanceMetadata, ATokenIsKeptUntilItIsNotTaken) {
  MetadataBench bench(time);
  bench.http.answer(200, "first").answer(200, "a").answer(200, "b");
  bench.http.answer(401, "").answer(200, "second").answer(200, "c");
  for (const auto* expected : {"a", "b", "c"}) {
    const auto found = co_await bench.metadata.get("latest/meta-data/x");
    CO_ASSERT_TRUE(found);
    EXPECT_EQ(*found, expected);
  }
  EXPECT_TRUE(bench.http.used_up());
  EXPECT_EQ(bench.http.requests.back().headers.at(0).value, "second");
}

VIRTUAL_TEST(InstanceMetadata, ARefusedTokenIsFetchedAnewOnce) {
  MetadataBench bench(time);
  bench.http.answer(200, "first").answer(401, "").answer(200, "second").answer(401, "");
  const auto found = co_await bench.metadata.get("latest/meta-data/x");
  CO_ASSERT_TRUE(!found);
  EXPECT_EQ(found.error().kind, ErrorKind::forbidden);
}

VIRTUAL_TEST(InstanceMetadata, IsAskedAsOftenAsTheUserSays) {
  MetadataBench bench(time, {.timeout = Seconds(3), .attempts = 3});
  bench.http.fail(ErrorKind::unknown_fate).answer(503, "").answer(200, "token").answer(200, "x");
  const auto found = co_await bench.metadata.get("latest/meta-data/x");
  EXPECT_TRUE(found);
  EXPECT_EQ(bench.http.requests.at(0).connect_timeout, Seconds(3));
}

VIRTUAL_TEST(InstanceMetadata, TellsWhichInstanceThisIs) {
  MetadataBench bench(time, {.timeout = Seconds(60), .attempts = 9});
  bench.http.answer(200, "token").answer(200, "i-0123456789abcdef0");
  const auto found = co_await bench.metadata.instance_id();
  EXPECT_EQ(found, InstanceId("i-0123456789abcdef0"));
  EXPECT_EQ(bench.http.requests.at(1).url, "http://169.254.169.254/latest/meta-data/instance-id");
  EXPECT_EQ(bench.http.requests.at(0).total_timeout + bench.http.requests.at(1).total_timeout,
            Seconds(1));
}

VIRTUAL_TEST(InstanceMetadata, NoInstanceIsFoundQuickly) {
  MetadataBench nobody(time, {.timeout = Seconds(60), .attempts = 9});
  nobody.http.fail(ErrorKind::transient);
  const auto none = co_await nobody.metadata.instance_id();
  EXPECT_FALSE(none);
  EXPECT_EQ(nobody.http.requests.size(), 1U);
  MetadataBench portal(time);
  portal.http.answer(200, "token").answer(200, "<html>");
  const auto nonsense = co_await portal.metadata.instance_id();
  EXPECT_FALSE(nonsense);
}

Result<MetadataSettings> settings_of(std::string name, std::string value) {
  return metadata_settings(Environment({{std::move(name), std::move(value)}}), Profile());
}

TEST(MetadataSettings, ComeFromTheEnvironmentElseTheProfile) {
  EXPECT_EQ(settings_of("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")->endpoint,
            "http://[fd00:ec2::254]");
  EXPECT_EQ(settings_of("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[::1]:80/")->endpoint,
            "http://[::1]:80");
  EXPECT_EQ(settings_of("AWS_METADATA_SERVICE_TIMEOUT", "7")->timeout, Seconds(7));
  EXPECT_TRUE(settings_of("AWS_EC2_METADATA_DISABLED", "True")->disabled);
  EXPECT_FALSE(settings_of("AWS_EC2_METADATA_DISABLED", "no")->disabled);
  Profile profile;
  profile.settings.values["metadata_service_num_attempts"].text = "3";
  profile.settings.values["ec2_metadata_v1_disabled"].text = "true";
  const auto of_profile = metadata_settings(Environment(), profile);
  EXPECT_EQ(of_profile->attempts, 3);
  EXPECT_TRUE(of_profile->v1_disabled);
}

TEST(MetadataSettings, MistakesAreErrors) {
  EXPECT_EQ(settings_of("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5").error().message,
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is \"IPv5\"");
  EXPECT_EQ(settings_of("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "0").error().message,
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS is \"0\"");
  EXPECT_THAT(settings_of("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nowhere").error().message,
              HasSubstr("AWS_EC2_METADATA_SERVICE_ENDPOINT is not an http or https URL"));
}

}  // namespace
}  // namespace pitstop
