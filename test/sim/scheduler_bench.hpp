#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "api_bench.hpp"

namespace pitstop::test {

/// What EventBridge Scheduler has answered.
struct SchedulerReply {
  int status = 0;
  std::string code;  ///< of an error; empty if it is none
  nlohmann::json body;

  std::string message() const { return body.value("Message", ""); }
};

std::ostream& operator<<(std::ostream& stream, const SchedulerReply& reply);

/// A simulated EventBridge Scheduler beside one running server, asked as its API is asked.
class SchedulerBench : public ApiBench {
 public:
  using ApiBench::ApiBench;

  SchedulerReply send(std::string method, std::string target, const nlohmann::json& body = {});
  SchedulerReply create(const nlohmann::json& schedule, const std::string& name = "guard") {
    return send("POST", "/schedules/" + name, schedule);
  }
  SchedulerReply get(const std::string& name = "guard") {
    return send("GET", "/schedules/" + name);
  }
  SchedulerReply remove(const std::string& name = "guard") {
    return send("DELETE", "/schedules/" + name);
  }

  /// Starts the server once a minute, from `begin` to `end` after now.
  nlohmann::json guard(Duration begin, Duration end);
  std::int64_t epoch_after(Duration length) const;
  sim::InstanceState state() { return region().instances.begin()->second.state(); }
  const std::vector<sim::Invocation>& invocations() { return simulator.scheduler().invocations(); }
};

}  // namespace pitstop::test
