#pragma once

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace pitstop {

/// An execution context and a clock in which time passes only when nobody can run: then it jumps to
/// the next sleeper. Makes no system calls; the same program takes the same steps each time. When
/// nobody runs and nobody sleeps but the work is not done, that is a deadlock, and a failure.
class VirtualTime final : public boost::asio::execution_context, public Clock {
 public:
  class ExecutorType;

  /// The wall clock begins at 2026-01-01T00:00:00Z, the monotonic one at an hour.
  VirtualTime();
  ~VirtualTime() override;

  Executor executor();

  Instant now() const override { return now_; }
  WallTime wall() const override;
  Task<void> sleep_until(Instant when) override;

  /// Runs the task, and everything that it begins, until it has ended. Throws std::runtime_error on
  /// a deadlock; what the task throws comes through. False if kill() ended it.
  bool run(Task<void> task);

  /// Destroys everything that runs or sleeps, as when a process is killed: run() returns after the
  /// present step. Time goes on from where it is with the next run().
  void kill() { killed_ = true; }

  /// Runs whatever can run now; time stands still.
  void run_ready();

  /// When the next sleeper wakes; nothing if nobody sleeps.
  std::optional<Instant> next_wake() const;

  /// Jumps to the next sleeper and wakes it.
  void jump();

  /// Runs whatever is left (alarms that ring for nothing, say) until nobody runs or sleeps.
  void drain();

 private:
  using Work = std::move_only_function<void()>;

  void run_one();
  bool step();
  void destroy_all();

  Instant now_;
  Instant began_;
  bool killed_ = false;
  std::deque<Work> ready_;
  /// Those who wake at the same instant wake in the order in which they lay down.
  std::multimap<Instant, Work> sleepers_;
};

}  // namespace pitstop
