#include "backup/location.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

TEST(Location, IsTheKindOfZoneThatItsNameTells) {
  for (const auto* name : {"us-east-1a", "eu-central-1c", "us-gov-west-1b", "cn-north-1a", ""}) {
    EXPECT_EQ(kind_of_zone(name), ZoneKind::availability_zone) << name;
  }
  for (const auto* name : {"us-west-2-lax-1a", "us-east-1-bos-1a", "ap-southeast-1-han-1a"}) {
    EXPECT_EQ(kind_of_zone(name), ZoneKind::local_zone) << name;
  }
  for (const auto* name : {"us-east-1-wl1-bos-wlz-1", "eu-west-2-wl1-lon-wlz-1"}) {
    EXPECT_EQ(kind_of_zone(name), ZoneKind::wavelength_zone) << name;
  }
}

TEST(Location, IsNoMatterInARegion) {
  ec2::Instance instance;
  instance.zone = "us-east-1a";
  EXPECT_TRUE(look_at_location(instance, {}).empty());
}

}  // namespace
}  // namespace pitstop
