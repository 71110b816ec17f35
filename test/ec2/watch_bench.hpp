#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/concurrently.hpp"
#include "ec2/watch.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {

/// A watch over instances that reach a state at a time of their own. Everybody is pending till
/// then; `hidden` ids do not exist.
class WatchBench {
 public:
  explicit WatchBench(VirtualTime& time) : time_(time), began_(time.now()) {}

  /// The instance is seen running from that time on, counted from the beginning of the test.
  void runs_after(const std::string& id, Duration after) { running_from_[id] = began_ + after; }
  void hide(const std::string& id) { hidden_.insert(id); }
  void unhide(const std::string& id) { hidden_.erase(id); }

  /// From now on the script's entries made before this are used up first.
  void answer_the_rest() {
    caller.on("DescribeInstances").always().answer([this](const Call& call) {
      return describe(call);
    });
  }

  Result<Reply> describe(const Call& call) const {
    std::string items;
    for (int i = 1; const auto* id = call.parameters.find(fmt::format("InstanceId.{}", i)); ++i) {
      if (hidden_.contains(*id)) {
        return fail(ErrorKind::not_found, "DescribeInstances: no " + *id);
      }
      const auto from = running_from_.find(*id);
      const bool runs = from != running_from_.end() && from->second <= time_.now();
      const bool only_running = call.parameters.find("Filter.1.Name") != nullptr;
      if (runs || !only_running) {
        items += fmt::format(
            "<item><instanceId>{}</instanceId><instanceState><code>{}</code></instanceState></"
            "item>",
            *id, runs ? 16 : 0);
      }
    }
    return test::reply_of(
        call.action,
        fmt::format("<reservationSet><item><instancesSet>{}</instancesSet></item></reservationSet>",
                    items));
  }

  /// A wait for these instances to run.
  static Wait<Instance> for_running(std::vector<InstanceId> ids) {
    Wait<Instance> wait;
    wait.ids = std::move(ids);
    wait.enough = [](const Instance& instance) { return instance.state == InstanceState::running; };
    return wait;
  }

  /// Begins to wait after a pause, and notes how that ended, and when.
  struct Ending {
    bool over = false;
    Status status;
    int polls = 0;
    Duration after{};  ///< from the beginning of the test
  };
  Task<void> wait_into(Wait<Instance> wanted, Duration pause, Ending& ending) {
    co_await time_.sleep(pause);
    const auto waited = co_await watch->wait(std::move(wanted));
    ending = {true, waited.status, waited.polls, time_.now() - began_};
  }

  /// The times of the Describe calls, from the beginning of the test.
  std::vector<Duration> looks() const {
    std::vector<Duration> times;
    for (const auto& made : caller.calls()) {
      times.push_back(made.time - began_);
    }
    return times;
  }

 private:
  VirtualTime& time_;
  Instant began_;
  std::map<std::string, Instant> running_from_;
  std::set<std::string> hidden_;

 public:
  test::ScriptedCaller caller{time_};
  std::unique_ptr<Watch<Instance>> watch = std::make_unique<Watch<Instance>>(caller, time_);
};

inline InstanceId instance_id(int number) {
  return InstanceId(fmt::format("i-{:05}", number));
}

/// Keeps the same pace all the time.
constexpr Tempo steady(Duration interval) {
  return {interval, interval, interval, 1};
}

}  // namespace pitstop::ec2
