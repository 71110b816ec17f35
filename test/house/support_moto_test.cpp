#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "support/aws_cli.hpp"
#include "support/exchange.hpp"
#include "support/fault_server.hpp"
#include "support/moto_server.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class Moto : public testing::Test {
 protected:
  void SetUp() override {
    if (!moto_available() || !aws_cli_available()) {
      GTEST_SKIP() << "moto_server or aws is not on the PATH";
    }
    moto().reset();
  }
};

TEST_F(Moto, HasAnInstanceWithItsVolumes) {
  const auto made = make_instance(moto().endpoint());

  EXPECT_THAT(made.id.str(), StartsWith("i-"));
  EXPECT_THAT(made.volumes, SizeIs(3));
  const auto volumes = aws_cli(
      moto().endpoint(), {"ec2", "describe-volumes", "--volume-ids", made.volumes.at(2).str()});
  EXPECT_EQ(volumes.at("Volumes").at(0).at("Size"), 150);
  EXPECT_EQ(volumes.at("Volumes").at(0).at("Attachments").at(0).at("Device"), "/dev/sdg");
}

TEST_F(Moto, AnswersThroughTheFaultServer) {
  FaultServer server({.upstream = moto().endpoint()});
  server.on("DescribeInstances").nth(1).rewrite([](std::string body) {
    body.replace(body.find("<name>running<"), 14, "<name>stopped<");
    return body;
  });

  make_instance(server.endpoint(), {.name = "db-1", .volumes = {{"/dev/sda1", 8}}});
  const auto seen = aws_cli(server.endpoint(), {"ec2", "describe-instances"});

  const auto& instance = seen.at("Reservations").at(0).at("Instances").at(0);
  EXPECT_EQ(instance.at("State").at("Name"), "stopped");
  EXPECT_EQ(instance.at("Tags").at(0).at("Value"), "db-1");
  EXPECT_THAT(server.actions(), ElementsAre("RunInstances", "DescribeInstances"));
  EXPECT_THAT(server.unused_faults(), IsEmpty());
}

TEST_F(Moto, ShowsWhatTheCommandLineSays) {
  try {
    aws_cli(moto().endpoint(), {"ec2", "describe-volumes", "--volume-ids", "vol-1"});
    FAIL() << "there is no such volume";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("InvalidVolume.NotFound"));
  }
}

TEST_F(Moto, EndsWithItsObject) {
  std::string endpoint;
  {
    const MotoServer another;
    endpoint = another.endpoint();
    EXPECT_NE(endpoint, moto().endpoint());
  }
  HttpRequest request;
  request.url = endpoint;
  EXPECT_ANY_THROW(send_on_loopback(request));
}

}  // namespace
}  // namespace pitstop::test
