// boto3 drives ec2sim: its waiters, paginators and parsers, which nobody here wrote.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ec2sim_process.hpp"
#include "support/aws_cli.hpp"

namespace pitstop::test {
namespace {

class Ec2simBoto3 : public testing::Test {
 protected:
  void SetUp() override {
    static const bool is_here =
        find_program("python3") &&
        run_process({.arguments = {"python3", "-c", "import boto3"}}).succeeded();
    if (!is_here) {
      GTEST_SKIP() << "python3 cannot import boto3";
    }
  }

  static ProcessResult run_script(std::string_view name, const Ec2sim& ec2sim,
                                  std::string secret = "made-up") {
    auto environment = aws_test_environment();
    environment["AWS_SECRET_ACCESS_KEY"] = std::move(secret);
    environment["PYTHONDONTWRITEBYTECODE"] = "1";
    const auto path = fmt::format("{}/test/sim/{}", PITSTOP_SOURCE_DIR, name);
    return run_process(
        {.arguments = {"python3", path, ec2sim.endpoint()}, .environment = std::move(environment)});
  }
};

TEST_F(Ec2simBoto3, PitStop) {
  const Ec2sim ec2sim({"--scenario", example_scenario("demo.toml"), "--time-scale", "2000"});
  const auto result = run_script("ec2sim_pit_stop.py", ec2sim);
  EXPECT_TRUE(result.succeeded()) << result;
}

TEST_F(Ec2simBoto3, PitStopWithSignatures) {
  const Ec2sim ec2sim({"--scenario", example_scenario("demo.toml"), "--time-scale", "2000",
                       "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto result = run_script("ec2sim_pit_stop.py", ec2sim);
  EXPECT_TRUE(result.succeeded()) << result;
}

TEST_F(Ec2simBoto3, AWrongSecret) {
  const Ec2sim ec2sim({"--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto result = run_script("ec2sim_pit_stop.py", ec2sim, "another");
  EXPECT_FALSE(result.succeeded());
  EXPECT_NE(result.errors.find("(SignatureDoesNotMatch)"), std::string::npos) << result;
}

TEST_F(Ec2simBoto3, AScheduleStartsAServer) {
  const Ec2sim ec2sim({"--scenario", example_scenario("demo.toml"), "--time-scale", "300",
                       "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto result = run_script("ec2sim_scheduler.py", ec2sim);
  EXPECT_TRUE(result.succeeded()) << result;
}

TEST_F(Ec2simBoto3, CopiesWithSignatures) {
  const Ec2sim ec2sim({"--scenario", example_scenario("demo.toml"), "--time-scale", "2000",
                       "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto result = run_script("ec2sim_copies.py", ec2sim);
  EXPECT_TRUE(result.succeeded()) << result;
}

TEST_F(Ec2simBoto3, TheLifeOfAServerUnderTerraform) {
  const Ec2sim ec2sim({"--time-scale", "1000", "--verify-signatures", "AKIDEXAMPLE:made-up"});
  const auto result = run_script("ec2sim_terraform.py", ec2sim);
  EXPECT_TRUE(result.succeeded()) << result;
}

}  // namespace
}  // namespace pitstop::test
