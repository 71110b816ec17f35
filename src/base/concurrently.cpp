#include "base/concurrently.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>

#include "base/one_shot.hpp"

namespace pitstop {
namespace {

/// For co_spawn: an exception that nobody caught must end the process, not vanish.
void rethrow_bug(std::exception_ptr thrown) {
  if (thrown) {
    std::rethrow_exception(thrown);
  }
}

}  // namespace

void begin(Executor executor, Task<void> task) {
  boost::asio::co_spawn(executor, std::move(task), rethrow_bug);
}

Task<void> concurrently(std::vector<Task<void>> tasks) {
  if (tasks.empty()) {
    co_return;
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  OneShot<bool> all_done(executor);
  auto left = tasks.size();
  for (auto& task : tasks) {
    boost::asio::co_spawn(executor, std::move(task), [&](std::exception_ptr thrown) {
      rethrow_bug(thrown);
      if (--left == 0) {
        all_done.deliver(true);
      }
    });
  }
  co_await all_done.wait();
}

}  // namespace pitstop
