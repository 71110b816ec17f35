// The ordinary aws command line drives ec2sim, waiters and all.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ec2sim_process.hpp"
#include "support/aws_cli.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;

class Ec2simAwsCli : public testing::Test {
 protected:
  void SetUp() override {
    if (!aws_cli_available()) {
      GTEST_SKIP() << "aws is not on the PATH";
    }
  }

  /// `aws ec2 ARGUMENT…`
  static json aws(const Ec2sim& ec2sim, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "ec2");
    return aws_cli(ec2sim.endpoint(), arguments);
  }
};

// The CLI's waiters look every 15 seconds: at this pace all is over at their first look.
TEST_F(Ec2simAwsCli, PitStop) {
  const Ec2sim ec2sim({"--scenario", example_scenario("demo.toml"), "--time-scale", "20000",
                       "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto found = aws(ec2sim, {"describe-instances", "--filters", "Name=tag:Name,Values=db-1"});
  const std::string id = found["Reservations"][0]["Instances"][0]["InstanceId"];

  const auto stopping = aws(ec2sim, {"stop-instances", "--instance-ids", id});
  EXPECT_EQ(stopping["StoppingInstances"][0]["CurrentState"]["Name"], "stopping");
  aws(ec2sim, {"wait", "instance-stopped", "--instance-ids", id});
  const auto made =
      aws(ec2sim, {"create-snapshots", "--instance-specification", "InstanceId=" + id});
  ASSERT_EQ(made["Snapshots"].size(), 2U);
  const std::string snapshot = made["Snapshots"][0]["SnapshotId"];
  const std::string other = made["Snapshots"][1]["SnapshotId"];
  aws(ec2sim, {"wait", "snapshot-completed", "--snapshot-ids", snapshot, other});
  aws(ec2sim, {"start-instances", "--instance-ids", id});
  aws(ec2sim, {"wait", "instance-running", "--instance-ids", id});

  const auto state = aws(ec2sim, {"describe-instances", "--instance-ids", id});
  EXPECT_EQ(state["Reservations"][0]["Instances"][0]["State"]["Name"], "running");
  const auto truth = ec2sim.page("/_sim/truth");
  EXPECT_EQ(truth["calls"]["CreateSnapshots"], 1);
}

TEST_F(Ec2simAwsCli, ASchedule) {
  const Ec2sim ec2sim(
      {"--scenario", example_scenario("demo.toml"), "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto scheduler = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "scheduler");
    return aws_cli(ec2sim.endpoint(), arguments);
  };
  const std::vector<std::string> create{"create-schedule",
                                        "--name",
                                        "guard",
                                        "--schedule-expression",
                                        "rate(1 minutes)",
                                        "--flexible-time-window",
                                        "Mode=OFF",
                                        "--target",
                                        R"({"Arn": "arn:aws:scheduler:::aws-sdk:ec2:startInstances",
          "RoleArn": "arn:aws:iam::123456789012:role/guard",
          "Input": "{\"InstanceIds\":[\"i-0123456789abcdef0\"]}"})"};
  EXPECT_EQ(scheduler(create)["ScheduleArn"],
            "arn:aws:scheduler:us-east-1:123456789012:schedule/default/guard");
  try {
    scheduler(create);
    FAIL() << "there is one of that name";
  } catch (const std::runtime_error& failed) {
    EXPECT_NE(std::string(failed.what()).find("(ConflictException)"), std::string::npos)
        << failed.what();
  }
  EXPECT_EQ(scheduler({"get-schedule", "--name", "guard"})["State"], "ENABLED");
  EXPECT_EQ(scheduler({"list-schedules"})["Schedules"].size(), 1U);
  EXPECT_TRUE(scheduler({"delete-schedule", "--name", "guard"}).is_null());
  EXPECT_EQ(scheduler({"list-schedules"})["Schedules"].size(), 0U);
}

TEST_F(Ec2simAwsCli, StandbyAndBack) {
  const Ec2sim ec2sim({"--scenario", example_scenario("web-farm.toml"), "--time-scale", "2000",
                       "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto autoscaling = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "autoscaling");
    return aws_cli(ec2sim.endpoint(), arguments);
  };
  const auto found = autoscaling({"describe-auto-scaling-instances"});
  const std::string id = found["AutoScalingInstances"][0]["InstanceId"];
  const auto lifecycle = [&] {
    const auto members = autoscaling({"describe-auto-scaling-instances", "--instance-ids", id});
    return members["AutoScalingInstances"][0]["LifecycleState"];
  };
  EXPECT_EQ(lifecycle(), "InService");
  const auto entered = autoscaling({"enter-standby", "--auto-scaling-group-name", "web",
                                    "--instance-ids", id, "--should-decrement-desired-capacity"});
  EXPECT_EQ(entered["Activities"][0]["AutoScalingGroupName"], "web");
  EXPECT_EQ(lifecycle(), "Standby");
  const auto group =
      autoscaling({"describe-auto-scaling-groups", "--auto-scaling-group-names", "web"});
  EXPECT_EQ(group["AutoScalingGroups"][0]["DesiredCapacity"], 2);
  autoscaling({"exit-standby", "--auto-scaling-group-name", "web", "--instance-ids", id});
  EXPECT_EQ(lifecycle(), "InService");
  const auto activities =
      autoscaling({"describe-scaling-activities", "--auto-scaling-group-name", "web"});
  EXPECT_EQ(activities["Activities"].size(), 2U);
  EXPECT_EQ(ec2sim.page("/_sim/truth")["replacements"], json::array());
}

TEST_F(Ec2simAwsCli, ATargetDrainsAndComesBack) {
  const Ec2sim ec2sim({"--scenario", example_scenario("web-farm.toml"), "--time-scale", "2000",
                       "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto elb = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "elbv2");
    return aws_cli(ec2sim.endpoint(), arguments);
  };
  const auto groups = elb({"describe-target-groups", "--names", "web"});
  const std::string arn = groups["TargetGroups"][0]["TargetGroupArn"];
  const auto all = elb({"describe-target-health", "--target-group-arn", arn});
  const std::string id = all["TargetHealthDescriptions"][0]["Target"]["Id"];
  const auto target = "Id=" + id;
  const auto health = [&] {
    const auto asked =
        elb({"describe-target-health", "--target-group-arn", arn, "--targets", target});
    return asked["TargetHealthDescriptions"][0]["TargetHealth"]["State"];
  };
  EXPECT_EQ(health(), "healthy");
  elb({"deregister-targets", "--target-group-arn", arn, "--targets", target});
  EXPECT_EQ(health(), "unused");
  elb({"register-targets", "--target-group-arn", arn, "--targets", target});
  EXPECT_EQ(health(), "healthy");
  const auto attributes =
      elb({"describe-target-group-attributes", "--target-group-arn", arn, "--query",
           "Attributes[?Key=='deregistration_delay.timeout_seconds'].Value"});
  EXPECT_EQ(attributes, json::array({"120"}));
}

TEST_F(Ec2simAwsCli, AKey) {
  const Ec2sim ec2sim({"--scenario", example_scenario("web-farm.toml"), "--verify-signatures",
                       "AKIDEXAMPLE:made-up"});
  const auto describe = [&](const std::string& key) {
    return aws_cli(ec2sim.endpoint(), {"kms", "describe-key", "--key-id", key})["KeyMetadata"];
  };
  EXPECT_EQ(describe("alias/web")["KeyState"], "Enabled");
  EXPECT_EQ(describe("alias/aws/ebs")["KeyManager"], "AWS");
  try {
    describe("alias/none");
    FAIL() << "there is no such key";
  } catch (const std::runtime_error& failed) {
    EXPECT_NE(std::string(failed.what()).find("(NotFoundException)"), std::string::npos)
        << failed.what();
  }
}

TEST_F(Ec2simAwsCli, EachRegionIsItsOwn) {
  const Ec2sim ec2sim({"--scenario", example_scenario("fleet.toml")});
  const auto count = [&](const std::string& region) {
    const auto answer = aws(ec2sim, {"describe-instances", "--region", region, "--query",
                                     "length(Reservations[].Instances[])"});
    return answer.get<int>();
  };
  EXPECT_EQ(count("eu-central-1"), 100);
  EXPECT_EQ(count("us-east-1"), 0);
}

TEST_F(Ec2simAwsCli, AnotherServiceGetsAClearError) {
  const Ec2sim ec2sim;
  try {
    aws_cli(ec2sim.endpoint(), {"sts", "get-caller-identity"});
    FAIL() << "ec2sim is no STS";
  } catch (const std::runtime_error& failed) {
    EXPECT_NE(std::string(failed.what())
                  .find("ec2sim simulates EC2, EventBridge Scheduler, Auto Scaling, Elastic Load "
                        "Balancing, KMS and Systems Manager, and nothing else"),
              std::string::npos)
        << failed.what();
  }
}

}  // namespace
}  // namespace pitstop::test
