#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/check.hpp"
#include "base/task.hpp"

namespace pitstop {

/// A value that one coroutine waits for and somebody else delivers, once.
///
/// The only place in the house that touches completion handlers. The coroutine is resumed through
/// the executor, never from inside deliver(). Include this in source files only: it is slow to
/// compile.
template <class T>
class OneShot {
 public:
  explicit OneShot(Executor executor) : executor_(std::move(executor)) {}
  OneShot(const OneShot&) = delete;
  OneShot& operator=(const OneShot&) = delete;

  /// Waits for the value. `on_cancel` runs if the waiting coroutine is cancelled; it must see to it
  /// that something is delivered soon. After abandon() the waiting coroutine is destroyed.
  Task<T> wait(std::function<void()> on_cancel = {}) {
    CHECK(!waiter_);
    if (value_) {
      co_return *std::exchange(value_, std::nullopt);
    }
    if (on_cancel) {
      on_cancel_ = std::make_shared<std::function<void()>>(std::move(on_cancel));
    }
    auto begin = [this](auto handler) {
      if (abandoned_) {
        return;  // without its handler nobody holds the coroutine any more
      }
      auto slot = boost::asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected() && on_cancel_) {
        // The signal may be given when we, and all that `on_cancel` refers to, are gone.
        slot.assign([cancel = std::weak_ptr(on_cancel_)](boost::asio::cancellation_type) {
          if (const auto still_there = cancel.lock()) {
            (*still_there)();
          }
        });
      }
      waiter_ = [handler = std::move(handler)](T value) mutable {
        auto cancelled = boost::asio::get_associated_cancellation_slot(handler);
        cancelled.clear();
        std::move(handler)(std::move(value));
      };
    };
    const auto& token = boost::asio::use_awaitable;
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
        std::move(begin), token);
  }

  /// Hands over the value. Later deliveries are ignored: the first one decides.
  void deliver(T value) {
    if (std::exchange(delivered_, true)) {
      return;
    }
    if (!waiter_) {
      value_ = std::move(value);
      return;
    }
    auto resume = [waiter = std::move(waiter_), value = std::move(value)]() mutable {
      waiter(std::move(value));
    };
    waiter_ = nullptr;
    boost::asio::post(executor_, std::move(resume));
  }

  bool delivered() const { return delivered_; }

  /// For shutting down, where nobody will deliver any more: the waiting coroutine, if any, is
  /// destroyed. Asio does that through the executor, so it happens later, perhaps when the event
  /// loop itself is destroyed: what the coroutine's destructors touch must live until then.
  void abandon() {
    delivered_ = true;
    abandoned_ = true;
    auto waiter = std::exchange(waiter_, nullptr);
  }

 private:
  Executor executor_;
  std::move_only_function<void(T)> waiter_;
  std::shared_ptr<std::function<void()>> on_cancel_;
  std::optional<T> value_;
  bool delivered_ = false;
  bool abandoned_ = false;
};

}  // namespace pitstop
