#include "base/concurrently.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <memory>

#include "base/one_shot.hpp"

namespace pitstop {
namespace {

/// For co_spawn: an exception that nobody caught must end the process, not vanish.
void rethrow_bug(std::exception_ptr thrown) {
  if (thrown) {
    std::rethrow_exception(thrown);
  }
}

struct Group {
  Group(Executor executor, std::size_t size)
      : all_ended(std::move(executor)), unended(size), existing(size) {}

  OneShot<bool> all_ended;
  std::size_t unended;
  std::size_t existing;
};

/// A task's membership in its group. When an event loop is destroyed, the tasks go without having
/// ended; the last one to go lets go of the coroutine that waits for them, which would leak else.
class Member {
 public:
  explicit Member(std::shared_ptr<Group> group) : group_(std::move(group)) {}
  Member(Member&&) = default;
  Member& operator=(Member&&) = delete;
  ~Member() {
    if (group_ && --group_->existing == 0 && group_->unended > 0) {
      group_->all_ended.abandon();
    }
  }

  void operator()(std::exception_ptr thrown) const {
    rethrow_bug(std::move(thrown));
    if (--group_->unended == 0) {
      group_->all_ended.deliver(true);
    }
  }

 private:
  std::shared_ptr<Group> group_;
};

}  // namespace

void begin(Executor executor, Task<void> task) {
  boost::asio::co_spawn(executor, std::move(task), rethrow_bug);
}

Task<void> concurrently(std::vector<Task<void>> tasks) {
  if (tasks.empty()) {
    co_return;
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  const auto group = std::make_shared<Group>(executor, tasks.size());
  for (auto& task : tasks) {
    boost::asio::co_spawn(executor, std::move(task), Member(group));
  }
  co_await group->all_ended.wait();
}

}  // namespace pitstop
