#include "support/coroutine.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

namespace pitstop::test {

void run(std::function<Task<void>()> body) {
  boost::asio::io_context loop(1);
  bool ended = false;
  boost::asio::co_spawn(loop, body(), [&](std::exception_ptr thrown) {
    if (thrown) {
      std::rethrow_exception(thrown);
    }
    ended = true;
  });
  loop.run();
  EXPECT_TRUE(ended) << "the coroutine waits for something that nobody will bring";
}

void run_in_virtual_time(std::function<Task<void>(VirtualTime&)> body) {
  VirtualTime time;
  time.run(body(time));
  time.drain();
}

}  // namespace pitstop::test
