#include "aws/shared_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "home.hpp"

namespace pitstop {
namespace {

using test::Home;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> names_of(const ConfigSections& sections) {
  std::vector<std::string> names;
  for (const auto& [name, section] : sections) {
    names.push_back(name);
  }
  return names;
}

TEST(SharedFiles, AreReadFromTheHomeDirectory) {
  Home home;
  home.config(
      "[default]\nregion = a\n[profile web]\nregion = b\n[sso-session s]\nsso_region = c\n"
      "[services x]\nec2 =\n  endpoint_url = d\n[preview]\n");
  home.credentials("[default]\naws_access_key_id = e\n[profile odd]\n[plain]\n");
  const auto files = read_shared_files(home.environment());
  ASSERT_TRUE(files);
  EXPECT_EQ(files->config_file, home.directory() / ".aws/config");
  EXPECT_EQ(files->credentials_file, home.directory() / ".aws/credentials");
  EXPECT_THAT(names_of(files->config_profiles), ElementsAre("default", "web"));
  EXPECT_EQ(files->config_profiles.at("web").text("region"), "b");
  EXPECT_EQ(files->sso_sessions.at("s").text("sso_region"), "c");
  EXPECT_EQ(files->services.at("x").values.at("ec2").nested.at("endpoint_url"), "d");
  EXPECT_THAT(names_of(files->credentials_profiles),
              ElementsAre("default", "plain", "profile odd"));
}

TEST(SharedFiles, VariablesNameOtherFiles) {
  Home home;
  home.config("[default]\nregion = not this\n");
  home.directory().write("other", "[default]\nregion = this\n");
  home.directory().write("keys", "[k]\n");
  home.set("AWS_CONFIG_FILE", "~/other")
      .set("AWS_SHARED_CREDENTIALS_FILE", home.directory() / "keys");
  const auto files = read_shared_files(home.environment());
  ASSERT_TRUE(files);
  EXPECT_EQ(files->config_profiles.at("default").text("region"), "this");
  EXPECT_TRUE(files->credentials_profiles.contains("k"));
}

TEST(SharedFiles, FilesThatAreNotThereAreEmpty) {
  Home home;
  home.config("");
  for (const auto* path : {"/nowhere/config", "~/nothing", "~/.aws/config/deeper", "/dev/null"}) {
    home.set("AWS_CONFIG_FILE", path);
    const auto files = read_shared_files(home.environment());
    ASSERT_TRUE(files) << path;
    EXPECT_THAT(files->config_profiles, IsEmpty());
    EXPECT_THAT(files->credentials_profiles, IsEmpty());
  }
}

TEST(SharedFiles, WithoutHomeTheUserDatabaseKnowsTheDirectory) {
  const auto files = read_shared_files(
      Environment({{"AWS_CONFIG_FILE", "/dev/null"}, {"AWS_SHARED_CREDENTIALS_FILE", "~"}}));
  ASSERT_FALSE(files) << "the home directory itself is no file";
  EXPECT_THAT(files.error().message, HasSubstr("/"));
  EXPECT_THAT(files.error().message, Not(HasSubstr("~")));
}

TEST(SharedFiles, ADirectoryIsAnError) {
  Home home;
  home.set("AWS_CONFIG_FILE", "~/.aws");
  const auto files = read_shared_files(home.environment());
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().kind, ErrorKind::usage);
  EXPECT_EQ(files.error().message,
            (home.directory() / ".aws").string() + " cannot be read: is a directory");
}

TEST(SharedFiles, AFileThatCannotBeOpenedIsAnError) {
  Home home;
  const auto loop = home.directory() / "loop";
  std::filesystem::create_symlink(loop, loop);
  home.set("AWS_SHARED_CREDENTIALS_FILE", loop);
  const auto files = read_shared_files(home.environment());
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().kind, ErrorKind::usage);
  EXPECT_THAT(files.error().message, HasSubstr(loop.string() + " cannot be read: "));
}

TEST(SharedFiles, AFileWithoutEndIsAnError) {
  Home home;
  home.set("AWS_CONFIG_FILE", "/dev/zero");
  const auto files = read_shared_files(home.environment());
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().message, "/dev/zero is larger than 1024 KiB");
}

TEST(SharedFiles, AMistakeNamesFileAndLine) {
  Home home;
  home.credentials("[default]\nAKIDEXAMPLE\n");
  const auto files = read_shared_files(home.environment());
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().message,
              HasSubstr((home.directory() / ".aws/credentials").string() + ", line 2: "));
}

std::vector<std::string> profiles_in(std::string_view text) {
  auto sections = parse_shared_config(text, "config");
  EXPECT_TRUE(sections) << text;
  SharedFiles files;
  sort_config_sections(*std::move(sections), files);
  return names_of(files.config_profiles);
}

TEST(SharedFiles, ProfileNamesMayBeQuoted) {
  EXPECT_THAT(profiles_in("[profile \"a b\"]"), ElementsAre("a b"));
  EXPECT_THAT(profiles_in("[profile 'c']"), ElementsAre("c"));
  EXPECT_THAT(profiles_in("[profile \t d ]"), ElementsAre("d"));
}

TEST(SharedFiles, OtherSectionsAreNoProfiles) {
  for (const auto* text : {"[profile]", "[profile a b]", "[profile \"a]", "[web]", "[ profile a]",
                           "[ default ]", "[Profile a]"}) {
    EXPECT_THAT(profiles_in(text), IsEmpty()) << text;
  }
}

TEST(SharedFiles, OfTwoSectionsOfOneProfileTheLastCounts) {
  auto sections = parse_shared_config("[default]\na = 1\n[profile default]\nb = 2\n", "config");
  ASSERT_TRUE(sections);
  SharedFiles files;
  sort_config_sections(*std::move(sections), files);
  EXPECT_EQ(files.config_profiles.at("default").text("a"), std::nullopt);
  EXPECT_EQ(files.config_profiles.at("default").text("b"), "2");
}

}  // namespace
}  // namespace pitstop
