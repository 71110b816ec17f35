// A name server that takes its time: the program's own getaddrinfo, which libcurl finds first.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <string_view>

#include "base/clock.hpp"
#include "client.hpp"
#include "support/fault_server.hpp"
#include "support/loopback.hpp"

namespace {

std::atomic<int> slow_lookups = 0;

pitstop::test::Interrupt& end_of_slow_lookups() {
  static pitstop::test::Interrupt interrupt;
  return interrupt;
}

}  // namespace

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (name != nullptr && std::string_view(name) == "slow.invalid") {
    ++slow_lookups;
    end_of_slow_lookups().wait(pitstop::Seconds(5));
    return EAI_AGAIN;
  }
  using Lookup = int(const char*, const char*, const addrinfo*, addrinfo**);
  static auto* const next = reinterpret_cast<Lookup*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return next(name, service, hints, found);
}

namespace pitstop::test {
namespace {

TEST(SlowNames, HoldNobodyElseUp) {
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
  end_of_slow_lookups().raise();
}

}  // namespace
}  // namespace pitstop::test
