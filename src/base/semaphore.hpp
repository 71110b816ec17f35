#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "base/task.hpp"

namespace pitstop {

/// Lets at most so many coroutines pass at a time; the others wait in the order in which they came.
class Semaphore {
 public:
  explicit Semaphore(std::size_t permits);
  ~Semaphore() { abandon(); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Gives its permit back when it goes out of scope.
  class Permit {
   public:
    explicit Permit(Semaphore* semaphore) : semaphore_(semaphore) {}
    Permit(Permit&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
    Permit& operator=(Permit&&) = delete;
    ~Permit();

   private:
    Semaphore* semaphore_;
  };

  Task<Permit> acquire();

  /// Destroys the coroutines that wait: for shutting down.
  void abandon();

 private:
  struct Waiter;
  void release();

  std::size_t free_;
  std::deque<Waiter*> queue_;
};

}  // namespace pitstop
