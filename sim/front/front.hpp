#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "sim/front/signature.hpp"
#include "sim/simulator.hpp"

namespace pitstop::sim {

/// What a client hears.
struct Reply {
  /// Nothing: the connection is closed without an answer.
  std::optional<HttpResponse> response;
  /// Half of it, then the connection is closed.
  bool cut = false;
};

/// The simulator as an HTTP service, without the sockets: EventBridge Scheduler at "/schedules" and
/// below, EC2 and the other services at "/", all with signatures and faults, and pages of its own
/// below "/_sim/".
class Front {
 public:
  /// `clock` is the simulation's; `real` that of its clients, who sign by it. With a `signer` only
  /// that one's requests are let in, without one everybody's.
  Front(const Clock& clock, const Clock& real, Scenario scenario, std::optional<AccessKey> signer);

  /// Whatever the request is, it gets a reply. Its `url` is the target: "/?Action=…".
  Reply answer(const HttpRequest& request);

 private:
  /// All that a reset begins anew.
  struct Cloud {
    Cloud(const Clock& clock, const Scenario& scenario);

    Instant begun;
    Simulator simulator;
    Faults faults;
  };

  Reply reply_to(const HttpRequest& request);
  HttpResponse page(const HttpRequest& request, std::string_view path);
  Reply call(const HttpRequest& request, ServiceRequest received);
  Answer<std::string> region_of(const HttpRequest& request, Service service) const;
  Answer<void> check_presigned(const ServiceRequest& received) const;

  const Clock& clock_;
  const Clock& real_;
  Scenario scenario_;
  std::optional<AccessKey> signer_;
  std::optional<Cloud> cloud_;
};

}  // namespace pitstop::sim
