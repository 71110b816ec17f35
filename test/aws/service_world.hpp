#pragma once

#include <vector>

#include "scripted_http.hpp"
#include "sim/door/simulated_http.hpp"
#include "support/coroutine.hpp"

namespace pitstop::test {

constexpr Milliseconds attempt_timeout = Seconds(2);
constexpr Duration service_patience = Seconds(30);

/// A client of a service, and what it is told.
template <class Client>
struct ScriptedService {
  explicit ScriptedService(VirtualTime& time_) : time(time_) {}

  VirtualTime& time;
  ScriptedHttp http;
  Identity identity = some_identity();
  SeededRandom random{1};
  Client client{http, identity, time, random, attempt_timeout, service_patience};
};

/// A client, and a cloud in which faults befall its calls.
template <class Client>
struct SimulatedService {
  SimulatedService(VirtualTime& time_, sim::Scenario scenario)
      : time(time_),
        simulator(time_, std::move(scenario)),
        faults(simulator.scenario().faults, 1) {}

  VirtualTime& time;
  sim::Simulator simulator;
  sim::Faults faults;
  sim::SimulatedHttp http{simulator, faults, time, 1};
  Identity identity = some_identity("us-east-1");
  SeededRandom random{1};
  Client client{http, identity, time, random, attempt_timeout, service_patience};
};

/// Faults that a call survives when it is made again.
inline std::vector<sim::FaultKind> passing_faults() {
  using sim::FaultKind;
  return {FaultKind::throttled,    FaultKind::unavailable, FaultKind::internal_error,
          FaultKind::contention,   FaultKind::html_page,   FaultKind::cut_reply,
          FaultKind::lost_request, FaultKind::lost_reply};
}

/// "<ActionResponse><ActionResult>…".
inline std::string as_answer(const std::string& action, const std::string& result = "") {
  return "<" + action + "Response xmlns=\"http://example.com/\"><" + action + "Result>" + result +
         "</" + action + "Result></" + action + "Response>";
}

inline std::string as_error(const std::string& code, const std::string& message = "") {
  return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message +
         "</Message></Error><RequestId>x</RequestId></ErrorResponse>";
}

}  // namespace pitstop::test
