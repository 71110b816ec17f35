#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/clock.hpp"

namespace pitstop {

Instant SystemClock::now() const {
  return Instant(std::chrono::steady_clock::now().time_since_epoch());
}

WallTime SystemClock::wall() const {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Task<void> SystemClock::sleep_until(Instant when) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor);
  timer.expires_at(std::chrono::steady_clock::time_point(when.time_since_epoch()));
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace pitstop
