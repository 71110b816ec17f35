#include "backup/stopping.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

Consistency after(std::string reason, std::optional<Duration> took) {
  ec2::Instance instance;
  instance.state = ec2::InstanceState::stopped;
  instance.state_reason_code = std::move(reason);
  return consistency_of(instance, took);
}

TEST(Consistency, IsAtRestOnlyWhenACleanStopWasSeen) {
  using std::chrono::minutes;
  EXPECT_EQ(after("Client.UserInitiatedShutdown", Seconds(40)), Consistency::at_rest);
  EXPECT_EQ(after("", Seconds(40)), Consistency::at_rest) << "not every endpoint gives a reason";
  EXPECT_EQ(after("Client.UserInitiatedShutdown", minutes(3)), Consistency::crash)
      << "the power may have been cut";
  EXPECT_EQ(after("Client.UserInitiatedShutdown", std::nullopt), Consistency::crash)
      << "nobody saw how it stopped";
  EXPECT_EQ(after("Server.ScheduledStop", Seconds(40)), Consistency::crash);
  EXPECT_EQ(after("Server.InternalError", Seconds(40)), Consistency::crash);
  EXPECT_EQ(after("Client.InstanceInitiatedShutdown", std::nullopt), Consistency::at_rest)
      << "the system switched itself off";
}

}  // namespace
}  // namespace pitstop
