// A name server that takes its time: the program's own getaddrinfo, which libcurl finds first.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "client.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

namespace {

std::atomic<int> slow_lookups = 0;

/// Shared with the threads that curl looks names up in: they may outlive the test.
std::atomic<std::shared_ptr<pitstop::test::Interrupt>> end_of_lookups;

}  // namespace

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (name != nullptr && std::string_view(name) == "slow.invalid") {
    ++slow_lookups;
    end_of_lookups.load()->wait(pitstop::Seconds(5));
    return EAI_AGAIN;
  }
  using Lookup = int(const char*, const char*, const addrinfo*, addrinfo**);
  static auto* const next = reinterpret_cast<Lookup*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return next(name, service, hints, found);
}

namespace pitstop::test {
namespace {

TEST(SlowNames, HoldNobodyElseUp) {
  slow_lookups = 0;
  end_of_lookups = std::make_shared<Interrupt>();
  FaultServer server;
  server.on_any().always().reply(200, "<ok/>");
  Client client;
  auto slow = get("http://slow.invalid/");
  slow.total_timeout = Milliseconds(200);
  const Instant before = SystemClock().now();

  const auto outcome = client.send(slow);
  const auto other = client.send(get(server.endpoint()));

  EXPECT_EQ(kind_of(outcome), ErrorKind::transient) << described(outcome);
  EXPECT_EQ(described(other), "200 <ok/>");
  EXPECT_LT(SystemClock().now() - before, Seconds(4));
  EXPECT_EQ(slow_lookups, 1);
  end_of_lookups.load()->raise();
}

}  // namespace
}  // namespace pitstop::test
