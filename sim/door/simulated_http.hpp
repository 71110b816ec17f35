#pragma once

#include "base/clock.hpp"
#include "http/http.hpp"
#include "sim/cloud/spread.hpp"
#include "sim/door/admission.hpp"
#include "sim/faults/faults.hpp"
#include "sim/simulator.hpp"

namespace pitstop::sim {

/// How long a request is on its way, there and back.
inline constexpr Spread usual_round_trip{Milliseconds(20), Milliseconds(50), Milliseconds(400)};

/// The door to the network that leads to a simulator in the same process: no sockets, any clock.
/// Faults befall the calls on their way. A client that gives up (total_timeout) does not keep its
/// request from arriving.
class SimulatedHttp final : public Http {
 public:
  SimulatedHttp(Simulator& simulator, Faults& faults, Clock& clock, std::uint64_t seed,
                Spread round_trip = usual_round_trip)
      : simulator_(simulator),
        faults_(faults),
        clock_(clock),
        random_(seed),
        round_trip_(round_trip) {}

  Task<Result<HttpResponse>> send(HttpRequest request) override;

  /// From now on requests are let in only if they are signed as this says.
  void admit_by(const Admission* admission) { admission_ = admission; }

 private:
  HttpResponse answer(const HttpRequest& request, const ServiceRequest& received,
                      WallTime dated_at);

  Simulator& simulator_;
  Faults& faults_;
  Clock& clock_;
  SeededRandom random_;
  Spread round_trip_;
  const Admission* admission_ = nullptr;
};

}  // namespace pitstop::sim
