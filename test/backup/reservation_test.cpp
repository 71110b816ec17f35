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
  auto red_hat_licence = ordinary();
  red_hat_licence.platform_details = "Red Hat BYOL Linux";
  auto unwilling = ordinary();
  unwilling.capacity_preference = "none";
  auto targeted = ordinary();
  targeted.capacity_target = "cr-0123456789abcdef0";
  auto in_partition = ordinary();
  in_partition.placement_group = "rows";
  in_partition.partition = 2;
  auto block = ordinary();
  block.lifecycle = "capacity-block";
  for (const auto& [instance, why] :
       {std::pair(spot, "Spot"), std::pair(on_a_host, "Dedicated Host"),
        std::pair(hibernating, "hibernation"), std::pair(own_licence, "licence"),
        std::pair(unknown, "platform"), std::pair(red_hat_licence, "\"Red Hat BYOL Linux\""),
        std::pair(unwilling, "preference is none"),
        std::pair(targeted, "cr-0123456789abcdef0 only"), std::pair(in_partition, "partitions"),
        std::pair(block, "capacity-block")}) {
    const auto refused = can_be_reserved(instance);
    ASSERT_FALSE(refused) << why;
    EXPECT_EQ(refused.error().kind, ErrorKind::refused);
    EXPECT_THAT(refused.error().message, HasSubstr(why));
    EXPECT_THAT(refused.error().hint, HasSubstr("--reserve-capacity"));
  }
}

TEST(Reservation, IsForOneKindOfPlacementGroup) {
  auto grouped = ordinary();
  grouped.placement_group = "near";
  const ec2::PlacementGroup cluster{.name = "near", .arn = "arn", .strategy = "cluster"};
  EXPECT_TRUE(can_be_reserved(grouped, &cluster));
  for (const auto* strategy : {"spread", "partition"}) {
    const ec2::PlacementGroup other{.name = "near", .arn = "arn", .strategy = strategy};
    const auto refused = can_be_reserved(grouped, &other);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr(strategy));
  }
  const auto unknown = can_be_reserved(grouped, nullptr);
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("EC2 does not say what its placement group near"));
}

}  // namespace
}  // namespace pitstop
