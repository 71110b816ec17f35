#include "aws/profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "home.hpp"

namespace pitstop {
namespace {

using test::Home;
using testing::HasSubstr;
using testing::Not;

Result<Profile> chosen(const Home& home, const std::optional<std::string>& flag = {}) {
  const auto environment = home.environment();
  TRY(const auto files, read_shared_files(environment));
  return choose_profile(flag, environment, files);
}

class ProfileChoice : public testing::Test {
 protected:
  ProfileChoice() {
    home_.config("[default]\nregion = d\n[profile a]\nregion = a\n[profile b]\nregion = b\n");
    home_.credentials("[c]\naws_access_key_id = id\n");
  }

  std::string name(const std::optional<std::string>& flag = {}) {
    const auto profile = chosen(home_, flag);
    return profile ? profile->name : profile.error().message;
  }

  Home home_;
};

TEST_F(ProfileChoice, IsDefaultIfNobodyNamesOne) {
  const auto profile = chosen(home_);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->name, "default");
  EXPECT_FALSE(profile->named_by_flag);
  EXPECT_EQ(profile->settings.text("region"), "d");
}

TEST_F(ProfileChoice, PrefersTheFlagThenTheVariables) {
  home_.set("AWS_DEFAULT_PROFILE", "a");
  EXPECT_EQ(name(), "a");
  home_.set("AWS_PROFILE", "b");
  EXPECT_EQ(name(), "b");
  EXPECT_EQ(name("c"), "c");
}

TEST_F(ProfileChoice, KnowsWhetherTheFlagNamedIt) {
  home_.set("AWS_PROFILE", "a");
  EXPECT_FALSE(chosen(home_)->named_by_flag);
  EXPECT_TRUE(chosen(home_, "a")->named_by_flag);
}

TEST_F(ProfileChoice, ANamedProfileMustExist) {
  for (const auto* nobody : {"nobody", "profile a", ""}) {
    const auto profile = chosen(home_, nobody);
    ASSERT_FALSE(profile) << nobody;
    EXPECT_EQ(profile.error().kind, ErrorKind::usage);
    EXPECT_EQ(profile.error().message, "there is no profile \"" + std::string(nobody) + '"');
    EXPECT_EQ(profile.error().hint, "there are a, b, c, default");
  }
  home_.set("AWS_PROFILE", "nobody");
  EXPECT_FALSE(chosen(home_));
}

TEST(Profile, WithoutFilesOnlyTheUnnamedDefaultExists) {
  Home home;
  EXPECT_TRUE(chosen(home));
  const auto named = chosen(home, "default");
  ASSERT_FALSE(named);
  EXPECT_THAT(named.error().hint, HasSubstr("/.aws/config nor "));
  EXPECT_THAT(named.error().hint, HasSubstr("has a profile"));
}

TEST(Profile, HasTheKeysOfBothFilesAndTheCredentialsFileCounts) {
  Home home;
  home.config("[profile a]\nregion = config\noutput = json\nec2 =\n  x = 1\ns3 =\n  x = 1\n");
  home.credentials("[a]\nregion = credentials\naws_access_key_id = id\nec2 = text\n");
  const auto profile = chosen(home, "a");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->settings.text("region"), "credentials");
  EXPECT_EQ(profile->settings.text("output"), "json");
  EXPECT_EQ(profile->settings.text("aws_access_key_id"), "id");
  EXPECT_EQ(profile->settings.text("ec2"), "text");
  EXPECT_EQ(profile->settings.values.at("s3").nested.at("x"), "1");
  EXPECT_EQ(profile->in_config_file.text("region"), "config");
  EXPECT_EQ(profile->in_config_file.text("aws_access_key_id"), std::nullopt);
  EXPECT_EQ(profile->in_credentials_file.text("output"), std::nullopt);
}

TEST(Profile, AHintShowsNoMoreThanALineOfHarmlessText) {
  Home home;
  std::string text = "[profile \"\x1b[31m\"]\n";
  for (int i = 0; i < 1000; ++i) {
    text += "[profile p" + std::to_string(i) + "]\n";
  }
  home.config(text);
  const auto profile = chosen(home, "\x1b[31m red");
  ASSERT_FALSE(profile);
  EXPECT_LT(profile.error().hint.size(), 400u);
  EXPECT_THAT(profile.error().hint, Not(HasSubstr("\x1b")));
  EXPECT_THAT(profile.error().message, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace pitstop
