#include "backup/rotation.hpp"

#include <gtest/gtest.h>

#include "backup/survey.hpp"

namespace pitstop {
namespace {

const InstanceId rotating("i-0123456789abcdef0");

TEST(Rotation, IsWrittenAndReadBack) {
  const std::vector<std::pair<Rotation, const char*>> cases{
      {{.standby = true}, "standby"},
      {{.targets = {{"web/73e2d6bc24d8a067", {.id = rotating.str(), .port = {}, .zone = {}}}}},
       "web/73e2d6bc24d8a067"},
      {{.standby = true,
        .targets = {{"web/1", {.id = rotating.str(), .port = 8080, .zone = {}}},
                    {"db/2", {.id = "10.0.0.5", .port = 5432, .zone = {}}},
                    {"six/3", {.id = "2001:db8::5", .port = {}, .zone = "all"}}}},
       "standby web/1:8080 db/2:5432@10.0.0.5 six/3@2001:db8::5@all"}};
  for (const auto& [rotation, text] : cases) {
    EXPECT_EQ(to_text(rotation, rotating), text);
    EXPECT_EQ(parse_rotation(text, rotating), rotation) << text;
  }
}

TEST(Rotation, DoesNotReadWhatIsNotItsOwn) {
  for (const auto* text : {"", " ", "standby  web/1", "web", "web/1:", "web/1:x", "web/1:-1:2",
                           "web/1@a@b@c", "Standby", ":80"}) {
    EXPECT_FALSE(parse_rotation(text, rotating)) << text;
  }
}

TEST(Rotation, AGroupIsToldByTheEndOfItsArn) {
  EXPECT_EQ(group_in_arn("arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/73e2"),
            "web/73e2");
  EXPECT_EQ((TargetPlace{"web/73e2", {}}).name(), "web");
}

}  // namespace
}  // namespace pitstop
