#include "base/environment.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace pitstop {
namespace {

TEST(Environment, TakesTheEmptyForUnset) {
  const Environment environment({{"AWS_REGION", "eu-central-1"}, {"AWS_PROFILE", ""}});
  EXPECT_EQ(environment.get("AWS_REGION"), "eu-central-1");
  EXPECT_EQ(environment.get("AWS_PROFILE"), std::nullopt);
  EXPECT_EQ(environment.get("AWS_REG"), std::nullopt);
  EXPECT_EQ(Environment().get("PATH"), std::nullopt);
}

TEST(Environment, OfTheProcessIsAsItWasWhenAsked) {
  ::setenv("PITSTOP_TEST_VARIABLE", "a=b", 1);
  const auto environment = Environment::of_process();
  ::unsetenv("PITSTOP_TEST_VARIABLE");
  EXPECT_EQ(environment.get("PITSTOP_TEST_VARIABLE"), "a=b");
  EXPECT_EQ(Environment::of_process().get("PITSTOP_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace pitstop
