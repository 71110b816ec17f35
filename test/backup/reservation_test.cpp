#include "backup/reservation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using testing::HasSubstr;

ec2::Instance ordinary() {
  ec2::Instance instance;
  instance.id = InstanceId("i-1");
  instance.tenancy = "default";
  instance.platform_details = "Linux/UNIX";
  return instance;
}

TEST(Reservation, IsPossibleForAnOrdinaryServer) {
  EXPECT_TRUE(can_be_reserved(ordinary()));
}

TEST(Reservation, IsRefusedWhereItCannotKeepThePlace) {
  auto spot = ordinary();
  spot.lifecycle = "spot";
  auto on_a_host = ordinary();
  on_a_host.tenancy = "host";
  auto hibernating = ordinary();
  hibernating.hibernation = true;
  auto own_licence = ordinary();
  own_licence.platform_details = "Windows BYOL";
  auto unknown = ordinary();
  unknown.platform_details.clear();
  for (const auto& [instance, why] :
       {std::pair(spot, "Spot"), std::pair(on_a_host, "Dedicated Host"),
        std::pair(hibernating, "hibernation"), std::pair(own_licence, "licence"),
        std::pair(unknown, "platform")}) {
    const auto refused = can_be_reserved(instance);
    ASSERT_FALSE(refused) << why;
    EXPECT_EQ(refused.error().kind, ErrorKind::refused);
    EXPECT_THAT(refused.error().message, HasSubstr(why));
    EXPECT_THAT(refused.error().hint, HasSubstr("--reserve-capacity"));
  }
}

}  // namespace
}  // namespace pitstop
