#include "sim/virtual_time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace pitstop {

namespace asio = boost::asio;

/// What Asio needs to know to run coroutines here.
class VirtualTime::ExecutorType {
 public:
  explicit ExecutorType(VirtualTime& context) : context_(&context) {}

  asio::execution_context& query(asio::execution::context_t) const noexcept { return *context_; }
  static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  ExecutorType require(asio::execution::blocking_t::never_t) const { return *this; }

  template <class Function>
  void execute(Function function) const {
    context_->ready_.emplace_back(std::move(function));
  }

  friend bool operator==(const ExecutorType& a, const ExecutorType& b) noexcept {
    return a.context_ == b.context_;
  }
  friend bool operator!=(const ExecutorType& a, const ExecutorType& b) noexcept {
    return !(a == b);
  }

 private:
  VirtualTime* context_;
};

VirtualTime::VirtualTime() : now_(std::chrono::hours(1)), began_(now_) {}

VirtualTime::~VirtualTime() {
  destroy_all();
  shutdown();
}

// Destroying may put more work on the queues, so until there is none.
void VirtualTime::destroy_all() {
  while (!ready_.empty() || !sleepers_.empty()) {
    auto ready = std::move(ready_);
    auto sleepers = std::move(sleepers_);
    ready_.clear();
    sleepers_.clear();
  }
}

Executor VirtualTime::executor() {
  return ExecutorType(*this);
}

WallTime VirtualTime::wall() const {
  constexpr std::chrono::sys_days first_day = std::chrono::year(2026) / 1 / 1;
  return WallTime(first_day) + std::chrono::floor<Milliseconds>(now_ - began_);
}

Task<void> VirtualTime::sleep_until(Instant when) {
  auto lie_down = [this, when](auto handler) {
    sleepers_.emplace(std::max(when, now_),
                      [handler = std::move(handler)]() mutable { std::move(handler)(); });
  };
  const auto& token = asio::use_awaitable;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(lie_down), token);
}

void VirtualTime::run_one() {
  auto work = std::move(ready_.front());
  ready_.pop_front();
  work();
}

void VirtualTime::run_ready() {
  while (!ready_.empty()) {
    run_one();
  }
}

std::optional<Instant> VirtualTime::next_wake() const {
  return sleepers_.empty() ? std::nullopt : std::optional(sleepers_.begin()->first);
}

void VirtualTime::jump() {
  auto next = sleepers_.extract(sleepers_.begin());
  now_ = next.key();
  ready_.push_back(std::move(next.mapped()));
}

bool VirtualTime::step() {
  if (ready_.empty()) {
    if (sleepers_.empty()) {
      return false;
    }
    jump();
  }
  run_one();
  return true;
}

bool VirtualTime::run(Task<void> task) {
  bool ended = false;
  killed_ = false;
  std::exception_ptr thrown;
  asio::co_spawn(executor(), std::move(task), [&](std::exception_ptr exception) {
    ended = true;
    thrown = exception;
  });
  while (!ended) {
    if (!step()) {
      throw std::runtime_error("deadlock: nobody runs, nobody sleeps, and the work is not done");
    }
    if (killed_) {
      destroy_all();
      return false;
    }
  }
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  return true;
}

void VirtualTime::drain() {
  while (step()) {
  }
}

}  // namespace pitstop
