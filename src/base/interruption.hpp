#pragma once

#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <utility>

namespace pitstop {

/// The user's wish to end (Ctrl-C), made known to whoever may end early. Asking it cancels nothing
/// by itself.
class Interruption {
 public:
  using Callbacks = std::list<std::function<void()>>;

  /// Called back no more once it is gone. May outlive the interruption.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(std::shared_ptr<Callbacks> callbacks, Callbacks::iterator place)
        : callbacks_(std::move(callbacks)), place_(place) {}
    Subscription(Subscription&&) = default;
    Subscription& operator=(Subscription&&) = delete;
    ~Subscription() {
      if (callbacks_) {
        callbacks_->erase(place_);
      }
    }

   private:
    std::shared_ptr<Callbacks> callbacks_;
    Callbacks::iterator place_;
  };

  bool requested() const { return requested_; }

  void request() {
    requested_ = true;
    for (const auto& callback : *callbacks_) {
      callback();
    }
  }

  /// `callback` must not subscribe or unsubscribe; it is called at once if the request has been
  /// made already.
  Subscription subscribe(std::function<void()> callback) {
    if (requested_) {
      callback();
    }
    callbacks_->push_back(std::move(callback));
    return {callbacks_, std::prev(callbacks_->end())};
  }

 private:
  bool requested_ = false;
  std::shared_ptr<Callbacks> callbacks_ = std::make_shared<Callbacks>();
};

}  // namespace pitstop
