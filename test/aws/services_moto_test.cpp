// The clients against moto, which somebody else wrote: names, shapes and protocols. Moto knows no
// time: what drains is gone at once.

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include "aws/auto_scaling.hpp"
#include "aws/keys.hpp"
#include "aws/load_balancing.hpp"
#include "http/curl_http.hpp"
#include "support/aws_cli.hpp"
#include "support/closed_doors.hpp"
#include "support/coroutine.hpp"
#include "support/moto_server.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

class ServicesMoto : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::moto_available() || !test::aws_cli_available()) {
      GTEST_SKIP() << "moto_server or aws is not on the PATH";
    }
    test::moto().reset();
  }

  static json aws(const std::vector<std::string>& arguments) {
    return test::aws_cli(test::moto().endpoint(), arguments);
  }
};

Identity identity_at_moto() {
  const Environment environment({{"AWS_CONFIG_FILE", "/dev/null"},
                                 {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                                 {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                 {"AWS_SECRET_ACCESS_KEY", "made-up"}});
  return *Identity::load(
      {.region = "us-east-1", .profile = {}, .endpoint_url = test::moto().endpoint()}, environment,
      test::closed_doors());
}

/// Runs a coroutine that gets a client of a service.
template <class Client>
Task<void> at_moto(std::function<Task<void>(Client&)> body) {
  CurlHttp http(co_await boost::asio::this_coro::executor, {});
  auto identity = identity_at_moto();
  SystemClock clock;
  SeededRandom random(1);
  Client client(http, identity, clock, random, Seconds(20), Seconds(60));
  co_await body(client);
}

Task<void> check_key(Keys& keys, std::string id) {
  const auto key = co_await keys.describe_key(id);
  CO_ASSERT_TRUE(key);
  EXPECT_TRUE(key->arn.ends_with(id)) << key->arn;
  EXPECT_EQ(key->state, "Disabled");
  EXPECT_FALSE(key->enabled || key->managed_by_aws);
  const auto none = co_await keys.describe_key("1234abcd-12ab-34cd-56ef-1234567890ab");
  CO_ASSERT_TRUE(!none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found) << none.error().message;
}

TEST_F(ServicesMoto, DescribeAKey) {
  const std::string id = aws({"kms", "create-key"})["KeyMetadata"]["KeyId"];
  aws({"kms", "disable-key", "--key-id", id});
  test::run([&] { return at_moto<Keys>([&](Keys& keys) { return check_key(keys, id); }); });
}

Task<void> check_targets(LoadBalancing& balancing, std::string vpc, InstanceId instance) {
  const auto groups = co_await balancing.describe_target_groups(vpc);
  CO_ASSERT_TRUE(groups && groups->size() == 1);
  const auto& group = groups->front();
  EXPECT_EQ(group.name, "web");
  EXPECT_EQ(group.target_type, "instance");
  EXPECT_EQ(group.port, 80);
  const auto elsewhere = co_await balancing.describe_target_groups("vpc-0");
  EXPECT_TRUE(elsewhere && elsewhere->empty());
  const auto delay = co_await balancing.deregistration_delay(group.arn);
  CO_ASSERT_TRUE(delay);
  EXPECT_EQ(*delay, Seconds(300));

  const std::vector<LoadBalancerTarget> targets{{instance.str(), 8080, ""}};
  const auto added = co_await balancing.register_targets(group.arn, targets);
  EXPECT_TRUE(added);
  const auto all = co_await balancing.describe_target_health(group.arn);
  CO_ASSERT_TRUE(all && all->size() == 1);
  EXPECT_EQ(all->front().target.id, instance.str());
  EXPECT_EQ(all->front().target.port, 8080);
  const auto removed = co_await balancing.deregister(group.arn, targets);
  EXPECT_TRUE(removed);
  const auto gone = co_await balancing.describe_target_health(group.arn, targets);
  CO_ASSERT_TRUE(gone && gone->size() == 1);
  EXPECT_FALSE(gone->front().registered());

  const auto none = co_await balancing.describe_target_health(group.arn + "x");
  CO_ASSERT_TRUE(!none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found) << none.error().message;
}

TEST_F(ServicesMoto, MoveTargets) {
  const auto made = test::make_instance(test::moto().endpoint());
  const std::string vpc = aws({"ec2", "describe-vpcs"})["Vpcs"][0]["VpcId"];
  aws({"elbv2", "create-target-group", "--name", "web", "--protocol", "HTTP", "--port", "80",
       "--vpc-id", vpc, "--target-type", "instance"});
  test::run([&] {
    return at_moto<LoadBalancing>(
        [&](LoadBalancing& balancing) { return check_targets(balancing, vpc, made.id); });
  });
}

Task<void> check_standby(AutoScaling& scaling, InstanceId instance) {
  const std::vector<InstanceId> asked{instance, InstanceId("i-0123456789abcdef0")};
  const auto before = co_await scaling.describe_instances(asked);
  CO_ASSERT_TRUE(before && before->size() == 1);
  EXPECT_EQ(before->front().group, "web");
  EXPECT_TRUE(before->front().in_service());
  const auto entered = co_await scaling.enter_standby("web", instance, true);
  EXPECT_TRUE(entered);
  const auto there = co_await scaling.describe_instances(asked);
  CO_ASSERT_TRUE(there && there->size() == 1);
  EXPECT_TRUE(there->front().in_standby());
  const auto group = co_await scaling.describe_group("web");
  CO_ASSERT_TRUE(group);
  EXPECT_EQ(group->min, 0);
  EXPECT_EQ(group->max, 2);
  EXPECT_EQ(group->desired, 0);
  const auto left = co_await scaling.exit_standby("web", instance);
  EXPECT_TRUE(left);
  const auto after = co_await scaling.describe_instances(asked);
  CO_ASSERT_TRUE(after && after->size() == 1);
  EXPECT_TRUE(after->front().in_service());
}

TEST_F(ServicesMoto, StandBy) {
  aws({"autoscaling", "create-launch-configuration", "--launch-configuration-name", "lc",
       "--image-id", "ami-12345678", "--instance-type", "t3.small"});
  aws({"autoscaling", "create-auto-scaling-group", "--auto-scaling-group-name", "web", "--min-size",
       "0", "--max-size", "2", "--desired-capacity", "1", "--launch-configuration-name", "lc",
       "--availability-zones", "us-east-1a"});
  const auto members = aws({"autoscaling", "describe-auto-scaling-instances"});
  const InstanceId instance(members["AutoScalingInstances"][0]["InstanceId"].get<std::string>());
  test::run([&] {
    return at_moto<AutoScaling>(
        [&](AutoScaling& scaling) { return check_standby(scaling, instance); });
  });
}

}  // namespace
}  // namespace pitstop
