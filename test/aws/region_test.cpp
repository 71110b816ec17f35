#include "aws/region.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using testing::HasSubstr;
using Variables = std::map<std::string, std::string, std::less<>>;

Profile profile_with_region(std::string region) {
  Profile profile;
  profile.name = "web";
  profile.settings.values["region"].text = std::move(region);
  return profile;
}

Result<std::string> chosen_region(const std::optional<std::string>& flag, Variables variables = {},
                                  const Profile& profile = {}) {
  return choose_region(flag, Environment(std::move(variables)), profile);
}

TEST(Region, IsTheFirstThatIsSet) {
  const auto profile = profile_with_region("from-profile-1");
  EXPECT_EQ(chosen_region({}, {}, profile), "from-profile-1");
  EXPECT_EQ(chosen_region({}, {{"AWS_DEFAULT_REGION", "default-1"}}, profile), "default-1");
  EXPECT_EQ(
      chosen_region({}, {{"AWS_DEFAULT_REGION", "default-1"}, {"AWS_REGION", "var-1"}}, profile),
      "var-1");
  EXPECT_EQ(chosen_region("flag-1", {{"AWS_REGION", "var-1"}}, profile), "flag-1");
  EXPECT_EQ(chosen_region({}, {{"AWS_REGION", ""}}, profile), "from-profile-1") << "empty is unset";
}

TEST(Region, MustBeSet) {
  const auto region = chosen_region({});
  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().kind, ErrorKind::usage);
  EXPECT_EQ(region.error().message, "no region is set");
  EXPECT_THAT(region.error().hint, HasSubstr("profile \"default\""));
}

TEST(Region, FitsIntoAHostName) {
  for (const auto* good : {"us-east-1", "us-gov-west-1", "ap-southeast-7", "eusc-de-east-1",
                           "us-isob-east-1", "eucalyptus", "local", "dc1a", "a"}) {
    EXPECT_EQ(chosen_region(good), good);
  }
  const std::string too_long(64, 'a');
  for (const auto& bad :
       {std::string("US-EAST-1"), std::string("us_east_1"), std::string("us-east-1 "),
        std::string("us-east-1.evil.org"), std::string("us-east-1/"), std::string("x@y"),
        std::string("us-east-1 # prod"), std::string("us-east-1\nX: y"), std::string(""),
        std::string("-us"), std::string("us-"), std::string("1"), std::string("é"),
        std::string("a\0b", 3), too_long}) {
    const auto region = chosen_region(bad);
    ASSERT_FALSE(region) << bad;
    EXPECT_EQ(region.error().kind, ErrorKind::usage);
    EXPECT_THAT(region.error().hint, HasSubstr("eu-central-1"));
  }
}

TEST(Region, MessagesNameThePlace) {
  EXPECT_EQ(chosen_region("US").error().message, "--region is \"US\", not a region");
  EXPECT_EQ(chosen_region({}, {{"AWS_REGION", "US"}}).error().message,
            "AWS_REGION is \"US\", not a region");
  EXPECT_EQ(chosen_region({}, {}, profile_with_region("us-east-1 # prod")).error().message,
            "region of profile \"web\" is \"us-east-1 # prod\", not a region");
}

TEST(Region, AZoneIsNotARegion) {
  EXPECT_EQ(chosen_region("us-east-1a").error().message, "--region is \"us-east-1a\", a zone");
  EXPECT_EQ(chosen_region("us-east-1a").error().hint, "its region is us-east-1");
  EXPECT_EQ(chosen_region("us-gov-west-1b").error().hint, "its region is us-gov-west-1");
  EXPECT_EQ(chosen_region("us-west-2-lax-1a").error().hint, "its region is us-west-2");
}

}  // namespace
}  // namespace pitstop
