// What faults look like on the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "ec2sim_process.hpp"
#include "support/loopback.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

constexpr auto scenario = R"(
[[server]]
name = "web"
id = "i-0123456789abcdef0"

[[fault]]
action = "StopInstances"
kind = "cut-reply"

[[fault]]
action = "StartInstances"
kind = "lost-reply"

[[fault]]
action = "TerminateInstances"
kind = "lost-request"
)";

class Ec2simFaults : public testing::Test {
 protected:
  /// All that comes back, until the other side hangs up.
  std::string answer_to(const std::string& action) const {
    const auto body = "Action=" + action + "&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0";
    auto socket = Socket::connect(ec2sim.port());
    socket.set_limit(Seconds(30));
    socket.write("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                 body);
    std::string heard;
    std::array<char, 4096> part;
    while (const auto size = socket.read(part)) {
      heard.append(part.data(), size);
    }
    return heard;
  }

  std::string state() const {
    return ec2sim.page("/_sim/state")["regions"]["us-east-1"]["instances"][0]["state"];
  }

  TemporaryDirectory directory;
  Ec2sim ec2sim{{"--scenario", directory.write("faults.toml", scenario).string()}};
};

TEST_F(Ec2simFaults, HalfOfAnAnswer) {
  const auto heard = answer_to("StopInstances");
  EXPECT_THAT(heard, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(heard, testing::HasSubstr("<StopInstancesResponse"));
  EXPECT_THAT(heard, testing::Not(testing::HasSubstr("</StopInstancesResponse>")));
  const auto said = heard.find("Content-Length: ");
  ASSERT_NE(said, std::string::npos);
  const auto body = heard.size() - heard.find("\r\n\r\n") - 4;
  EXPECT_GT(std::stoul(heard.substr(said + 16)), body);
  EXPECT_EQ(state(), "stopping");
}

TEST_F(Ec2simFaults, NoAnswer) {
  EXPECT_EQ(answer_to("TerminateInstances"), "");
  EXPECT_EQ(state(), "running");
  EXPECT_EQ(ec2sim.page("/_sim/truth")["unused_faults"].size(), 2U);
  EXPECT_EQ(answer_to("StartInstances"), "");
  EXPECT_EQ(ec2sim.page("/_sim/truth")["calls"]["StartInstances"], 1);
}

}  // namespace
}  // namespace pitstop::test
