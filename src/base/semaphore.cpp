#include "base/semaphore.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <list>

#include "base/one_shot.hpp"

namespace pitstop {

class Semaphore::State {
 public:
  explicit State(std::size_t permits) : free_(permits) { CHECK(permits > 0); }

  static std::optional<Permit> try_acquire(const std::shared_ptr<State>& self) {
    if (self->free_ == 0) {
      return std::nullopt;
    }
    --self->free_;
    return Permit(self);
  }

  static Task<Permit> acquire(std::shared_ptr<State> self) {
    if (auto permit = try_acquire(self)) {
      co_return *std::move(permit);
    }
    const Executor executor = co_await boost::asio::this_coro::executor;
    Waiter waiter(self, executor);
    auto withdraw = [&waiter] { waiter.turn.deliver(false); };
    const bool my_turn = co_await waiter.turn.wait(withdraw);
    waiter.holds_permit = false;
    if (!my_turn) {
      throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
    co_return Permit(self);
  }

  void release() {
    while (!queue_.empty()) {
      auto* next = queue_.front();
      next->leave_queue();
      if (!next->turn.delivered()) {
        next->holds_permit = true;
        next->turn.deliver(true);
        return;
      }
    }
    ++free_;
  }

  void abandon() {
    for (auto* waiter : queue_) {
      waiter->turn.abandon();
    }
  }

 private:
  /// In the queue until its turn comes; lives in the frame of the coroutine that waits.
  struct Waiter {
    Waiter(std::shared_ptr<State> owner, Executor executor)
        : state(std::move(owner)),
          turn(std::move(executor)),
          place(state->queue_.insert(state->queue_.end(), this)) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {
      leave_queue();
      if (holds_permit) {
        state->release();  // destroyed between its turn and its waking
      }
    }

    void leave_queue() {
      if (place) {
        state->queue_.erase(*place);
        place.reset();
      }
    }

    std::shared_ptr<State> state;
    OneShot<bool> turn;
    std::optional<std::list<Waiter*>::iterator> place;  ///< in the queue, while it is there
    bool holds_permit = false;
  };

  std::size_t free_;
  std::list<Waiter*> queue_;
};

Semaphore::Semaphore(std::size_t permits) : state_(std::make_shared<State>(permits)) {}

Semaphore::~Semaphore() {
  state_->abandon();
}

std::optional<Semaphore::Permit> Semaphore::try_acquire() {
  return State::try_acquire(state_);
}

Task<Semaphore::Permit> Semaphore::acquire() {
  return State::acquire(state_);
}

Semaphore::Permit::~Permit() {
  if (state_) {
    state_->release();
  }
}

}  // namespace pitstop
