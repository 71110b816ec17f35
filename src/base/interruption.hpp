#pragma once

#include <functional>
#include <iterator>
#include <list>
#include <utility>

namespace pitstop {

/// The user's wish to end (Ctrl-C), made known to whoever may end early. Asking it cancels nothing by itself.
class Interruption {
 public:
  using Callbacks = std::list<std::function<void()>>;

  /// Called back no more once it is gone.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Callbacks& callbacks, Callbacks::iterator place)
        : callbacks_(&callbacks), place_(place) {}
    Subscription(Subscription&& other) noexcept
        : callbacks_(std::exchange(other.callbacks_, nullptr)), place_(other.place_) {}
    Subscription& operator=(Subscription&&) = delete;
    ~Subscription() {
      if (callbacks_ != nullptr) {
        callbacks_->erase(place_);
      }
    }

   private:
    Callbacks* callbacks_ = nullptr;
    Callbacks::iterator place_;
  };

  bool requested() const { return requested_; }

  void request() {
    requested_ = true;
    for (const auto& callback : callbacks_) {
      callback();
    }
  }

  /// `callback` must not subscribe or unsubscribe; it is called at once if the request has been made already.
  Subscription subscribe(std::function<void()> callback) {
    if (requested_) {
      callback();
    }
    callbacks_.push_back(std::move(callback));
    return {callbacks_, std::prev(callbacks_.end())};
  }

 private:
  bool requested_ = false;
  Callbacks callbacks_;
};

}  // namespace pitstop
