#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "base/task.hpp"

namespace pitstop {

/// Lets at most so many coroutines pass at a time; the others wait in the order in which they came.
class Semaphore {
 public:
  explicit Semaphore(std::size_t permits);
  ~Semaphore();
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  class State;

  /// Gives its permit back when it goes out of scope, whether or not the semaphore is still there.
  class Permit {
   public:
    explicit Permit(std::shared_ptr<State> state) : state_(std::move(state)) {}
    Permit(Permit&&) = default;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

   private:
    std::shared_ptr<State> state_;
  };

  /// A permit if one is free now.
  std::optional<Permit> try_acquire();

  /// Throws if the waiting coroutine is cancelled.
  Task<Permit> acquire();

 private:
  std::shared_ptr<State> state_;
};

}  // namespace pitstop
