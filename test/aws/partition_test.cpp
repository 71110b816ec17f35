#include "aws/partition.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

TEST(Partition, GoesByTheRegionsName) {
  EXPECT_EQ(partition_of("eu-central-1").name, "aws");
  EXPECT_EQ(partition_of("us-east-1").name, "aws");
  EXPECT_EQ(partition_of("cn-north-1").name, "aws-cn");
  EXPECT_EQ(partition_of("us-gov-west-1").name, "aws-us-gov");
  EXPECT_EQ(partition_of("eusc-de-east-1").name, "aws-eusc");
  EXPECT_EQ(partition_of("us-iso-east-1").name, "aws-iso");
  EXPECT_EQ(partition_of("us-isob-east-1").name, "aws-iso-b");
  EXPECT_EQ(partition_of("eu-isoe-west-1").name, "aws-iso-e");
  EXPECT_EQ(partition_of("us-isof-south-1").name, "aws-iso-f");
  EXPECT_EQ(partition_of("moon-base-1").name, "aws");
}

}  // namespace
}  // namespace pitstop
