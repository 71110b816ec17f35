#include "base/semaphore.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "base/contains.hpp"
#include "base/one_shot.hpp"

namespace pitstop {

/// Lives in the frame of the coroutine that waits, and is in the queue for exactly as long.
struct Semaphore::Waiter {
  Waiter(Semaphore& owner, Executor executor) : semaphore(owner), turn(std::move(executor)) {
    semaphore.queue_.push_back(this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    const auto queued = std::ranges::find(semaphore.queue_, this);
    if (queued != semaphore.queue_.end()) {
      semaphore.queue_.erase(queued);
    } else if (!taken) {
      semaphore.release();  // its turn had come, and it went before it could take it
    }
  }

  Semaphore& semaphore;
  OneShot<bool> turn;
  bool taken = false;
};

Semaphore::Semaphore(std::size_t permits) : free_(permits) { CHECK(permits > 0); }

void Semaphore::abandon() {
  while (!queue_.empty()) {
    queue_.front()->turn.abandon();
  }
}

Task<Semaphore::Permit> Semaphore::acquire() {
  if (free_ > 0) {
    --free_;
    co_return Permit(this);
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  Waiter waiter(*this, executor);
  auto withdraw = [&waiter] { waiter.turn.deliver(false); };
  co_await waiter.turn.wait(withdraw);
  // Cancelled: still in the queue. The next co_await of this coroutine throws, and the frame cleans up.
  const bool my_turn = !contains(queue_, &waiter);
  waiter.taken = my_turn;
  co_return Permit(my_turn ? this : nullptr);
}

void Semaphore::release() {
  if (queue_.empty()) {
    ++free_;
    return;
  }
  auto* next = queue_.front();
  queue_.pop_front();
  next->turn.deliver(true);
}

Semaphore::Permit::~Permit() {
  if (semaphore_ != nullptr) {
    semaphore_->release();
  }
}

}  // namespace pitstop
