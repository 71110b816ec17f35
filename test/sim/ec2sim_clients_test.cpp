// Pitstop's own clients of the services beside EC2, over HTTP and with signatures that are checked.

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include "aws/auto_scaling.hpp"
#include "aws/keys.hpp"
#include "aws/load_balancing.hpp"
#include "ec2sim_process.hpp"
#include "http/curl_http.hpp"
#include "support/closed_doors.hpp"
#include "support/coroutine.hpp"

namespace pitstop::test {
namespace {

Identity identity_at(const std::string& endpoint) {
  const Environment environment({{"AWS_CONFIG_FILE", "/dev/null"},
                                 {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                                 {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                 {"AWS_SECRET_ACCESS_KEY", "made-up"}});
  return *Identity::load({.region = "us-east-1", .profile = {}, .endpoint_url = endpoint},
                         environment, closed_doors());
}

struct Clients {
  Clients(Executor executor, const std::string& endpoint)
      : http(std::move(executor), {}), identity(identity_at(endpoint)) {}

  CurlHttp http;
  Identity identity;
  SystemClock clock;
  SeededRandom random{1};
  Keys keys{http, identity, clock, random, Seconds(10), Seconds(30)};
  AutoScaling scaling{http, identity, clock, random, Seconds(10), Seconds(30)};
  LoadBalancing balancing{http, identity, clock, random, Seconds(10), Seconds(30)};
};

Task<void> ask_all(std::string endpoint) {
  Clients clients(co_await boost::asio::this_coro::executor, endpoint);

  const auto key = co_await clients.keys.describe_key("alias/aws/ebs");
  CO_ASSERT_TRUE(key);
  EXPECT_TRUE(key->enabled && key->managed_by_aws);
  const std::vector<InstanceId> ids{InstanceId("i-0123456789abcdef0")};
  const auto members = co_await clients.scaling.describe_instances(ids);
  EXPECT_TRUE(members && members->empty());
  const auto moved = co_await clients.scaling.exit_standby("web", ids.front());
  CO_ASSERT_TRUE(!moved);
  EXPECT_EQ(moved.error().kind, ErrorKind::not_found) << moved.error().message;
  const auto groups = co_await clients.balancing.describe_target_groups();
  EXPECT_TRUE(groups && groups->empty());
  const auto delay = co_await clients.balancing.deregistration_delay("arn:x");
  CO_ASSERT_TRUE(!delay);
  EXPECT_EQ(delay.error().kind, ErrorKind::not_found) << delay.error().message;
}

TEST(Ec2simClients, SignAsTheServicesAsk) {
  const Ec2sim ec2sim({"--verify-signatures", "AKIDEXAMPLE:made-up"});
  run([&] { return ask_all(ec2sim.endpoint()); });
  const auto calls = ec2sim.page("/_sim/truth")["calls"];
  EXPECT_EQ(calls["DescribeKey"], 1) << calls;
  EXPECT_EQ(calls["ExitStandby"], 1) << calls;
  EXPECT_EQ(calls["DescribeTargetGroupAttributes"], 1) << calls;
}

template <class T>
void expect_forbidden(const Result<T>& answer) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::forbidden) << answer.error().message;
}

Task<void> ask_in_vain(std::string endpoint) {
  Clients clients(co_await boost::asio::this_coro::executor, endpoint);
  const auto key = co_await clients.keys.describe_key("alias/aws/ebs");
  expect_forbidden(key);
  const auto group = co_await clients.scaling.describe_group("web");
  expect_forbidden(group);
  const auto groups = co_await clients.balancing.describe_target_groups();
  expect_forbidden(groups);
}

TEST(Ec2simClients, AWrongSecretIsForbidden) {
  const Ec2sim ec2sim({"--verify-signatures", "AKIDEXAMPLE:another"});
  run([&] { return ask_in_vain(ec2sim.endpoint()); });
}

}  // namespace
}  // namespace pitstop::test
