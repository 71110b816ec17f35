// Proxies, which the environment names. Certificates and all that: curl_tls_test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CurlProxy : public testing::Test {
 protected:
  CurlProxy() { server_.on_any().always().reply(200, "<ok/>"); }

  FaultServer server_;
  FaultServer proxy_;
  Client client_;  // before the variables: it begins by unsetting them
};

TEST_F(CurlProxy, IsUsedWhenTheEnvironmentNamesOne) {
  const EnvironmentGuard environment({{"http_proxy", proxy_.endpoint()}});

  EXPECT_EQ(described(client_.send(post(server_.endpoint()))), "200 <ok/>");

  ASSERT_EQ(proxy_.requests().size(), 1U);
  EXPECT_TRUE(proxy_.requests().at(0).proxied);
  EXPECT_EQ(server_.requests().at(0).body, "Action=A");
}

TEST_F(CurlProxy, IsNotUsedForWhatNoProxyLists) {
  for (const auto* listed : {"127.0.0.1", "elsewhere.example,127.0.0.1", "*"}) {
    const EnvironmentGuard environment({{"http_proxy", proxy_.endpoint()}, {"no_proxy", listed}});
    EXPECT_EQ(described(client_.send(post(server_.endpoint()))), "200 <ok/>") << listed;
  }
  EXPECT_THAT(proxy_.requests(), IsEmpty());
}

TEST_F(CurlProxy, IsNotUsedForWhatIsTheHostsOwn) {
  const EnvironmentGuard environment(
      {{"http_proxy", proxy_.endpoint()}, {"all_proxy", proxy_.endpoint()}});
  auto request = post(server_.endpoint());
  request.direct = true;
  EXPECT_EQ(described(client_.send(std::move(request))), "200 <ok/>");
  EXPECT_THAT(proxy_.requests(), IsEmpty());
}

TEST_F(CurlProxy, ThatIsNotThereMeansThatNothingHappened) {
  const EnvironmentGuard environment(
      {{"http_proxy", "http://127.0.0.1:" + std::to_string(free_port())}});
  const auto outcome = client_.send(post(server_.endpoint()));
  ASSERT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
  EXPECT_THAT(outcome.error().hint, HasSubstr("_proxy in the environment"));
}

TEST_F(CurlProxy, WithoutAnAddressMeansThatNothingHappened) {
  const EnvironmentGuard environment({{"http_proxy", "http://no-such-proxy.invalid:3128"}});
  const auto outcome = client_.send(post(server_.endpoint()));
  ASSERT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("no-such-proxy.invalid"));
  EXPECT_THAT(outcome.error().hint, HasSubstr("_proxy"));
}

TEST_F(CurlProxy, ThatLosesTheRequestLeavesAnUnknownFate) {
  proxy_.on_any().always().close_unanswered();
  const EnvironmentGuard environment({{"http_proxy", proxy_.endpoint()}});
  const auto outcome = client_.send(post(server_.endpoint()));
  EXPECT_EQ(kind_of(outcome), ErrorKind::unknown_fate) << described(outcome);
}

// CONNECT was all that left.
TEST_F(CurlProxy, ThatOpensNoTunnelMeansThatNothingHappened) {
  proxy_.on_any().nth(1).close_unanswered();
  proxy_.on_any().nth(2).reply_error(403, "Forbidden");
  proxy_.on_any().nth(3).hang();
  const EnvironmentGuard environment({{"https_proxy", proxy_.endpoint()}});
  for (int i = 0; i < 3; ++i) {
    auto request = post("https://ec2.us-east-1.amazonaws.com/");
    request.total_timeout = Seconds(1);
    const auto outcome = client_.send(request);
    EXPECT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
    ASSERT_EQ(proxy_.requests().size(), i + 1U);
    EXPECT_EQ(proxy_.requests().back().method, "CONNECT");
  }
  EXPECT_THAT(proxy_.unused_faults(), IsEmpty());
}

TEST_F(CurlProxy, GetsItsPasswordAndNobodyElseDoes) {
  const auto with_password = "http://user:hush@127.0.0.1:" + std::to_string(proxy_.port());
  const EnvironmentGuard environment({{"http_proxy", with_password}});

  EXPECT_EQ(described(client_.send(post(server_.endpoint()))), "200 <ok/>");

  EXPECT_EQ(proxy_.requests().at(0).header("Proxy-Authorization"), "Basic dXNlcjpodXNo");
  EXPECT_EQ(server_.requests().at(0).header("Proxy-Authorization"), "");
}

TEST_F(CurlProxy, ThatCannotBeMeantDoesNotShowItsPassword) {
  for (const auto* proxy : {"http://user:hush@a b:80", "http://user:hush@127.0.0.1:99999",
                            "nonsense://user:hush@127.0.0.1:80", "user:hush@no-such-proxy.invalid",
                            "http://user:hush@no-such-proxy.invalid:1"}) {
    const EnvironmentGuard environment({{"http_proxy", proxy}});
    const auto outcome = client_.send(post(server_.endpoint()));
    EXPECT_TRUE(kind_of(outcome)) << proxy;
    EXPECT_THAT(described(outcome), Not(HasSubstr("hush"))) << proxy;
    EXPECT_THAT(described(outcome), HasSubstr("_proxy")) << proxy;
  }
  EXPECT_THAT(server_.requests(), IsEmpty());
}

}  // namespace
}  // namespace pitstop::test
