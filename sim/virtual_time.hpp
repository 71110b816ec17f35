#pragma once

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <deque>
#include <functional>
#include <map>
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
  /// a deadlock; what the task throws comes through.
  void run(Task<void> task);

  /// Runs whatever is left (alarms that ring for nothing, say) until nobody runs or sleeps.
  void drain();

 private:
  using Work = std::move_only_function<void()>;

  bool step();

  Instant now_;
  Instant began_;
  std::deque<Work> ready_;
  /// Those who wake at the same instant wake in the order in which they lay down.
  std::multimap<Instant, Work> sleepers_;
};

}  // namespace pitstop
