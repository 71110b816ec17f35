#include "ec2/stop_reason.hpp"

#include <gtest/gtest.h>

namespace pitstop::ec2 {
namespace {

Instance at_rest(std::string code, std::string transition) {
  Instance instance;
  instance.state = InstanceState::stopped;
  instance.state_reason_code = std::move(code);
  instance.transition_reason = std::move(transition);
  instance.launched = parse_rfc3339("2026-01-01T00:00:00Z");
  return instance;
}

TEST(StopReason, TellsWhenACallStoppedIt) {
  auto instance =
      at_rest("Client.UserInitiatedShutdown", "User initiated (2026-11-23 00:16:07 GMT)");
  EXPECT_EQ(stopped_by_call_at(instance), parse_rfc3339("2026-11-23T00:16:07Z"));
  instance.state = InstanceState::stopping;
  EXPECT_TRUE(stopped_by_call_at(instance));
  instance.state = InstanceState::running;
  EXPECT_FALSE(stopped_by_call_at(instance));
}

TEST(StopReason, TellsNothingOfWhatNoCallDid) {
  for (const auto* code :
       {"Client.InstanceInitiatedShutdown", "Server.SpotInstanceShutdown", "Server.ScheduledStop",
        "Client.UserInitiatedHibernate", "Client.InternalError", ""}) {
    EXPECT_FALSE(stopped_by_call_at(at_rest(code, "User initiated (2026-11-23 00:16:07 GMT)")))
        << code;
  }
}

TEST(StopReason, TellsNothingThatIsNotInTheText) {
  for (const auto* text :
       {"", "User initiated", "(", "User initiated ()", "User initiated (yesterday GMT)",
        "User initiated (2026-11-23T00:16:07 GMT)", "User initiated (2026-13-23 00:16:07 GMT)",
        "User initiated (2026-11-23 00:16:07 CET)", "User initiated (2026-11-23 00:16:07 GMT",
        "User initiated ( GMT)"}) {
    EXPECT_FALSE(stopped_by_call_at(at_rest("Client.UserInitiatedShutdown", text))) << text;
  }
}

TEST(StopReason, TellsWhenAStartWasAskedForThatFellBack) {
  EXPECT_TRUE(failed_start_at(at_rest("Client.InternalError", "")));
  EXPECT_TRUE(failed_start_at(at_rest("Server.InsufficientInstanceCapacity", "")));
  EXPECT_FALSE(failed_start_at(at_rest("Client.UserInitiatedShutdown", "")));
  EXPECT_FALSE(failed_start_at(at_rest("Client.InstanceInitiatedShutdown", "")));
  auto running = at_rest("Client.InternalError", "");
  running.state = InstanceState::running;
  EXPECT_FALSE(failed_start_at(running));
}

}  // namespace
}  // namespace pitstop::ec2
