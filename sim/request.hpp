#pragma once

#include <string>
#include <string_view>

namespace pitstop::sim {

/// The services of AWS that are simulated.
enum class Service {
  ec2,
  scheduler,  ///< EventBridge Scheduler
};

/// Which one a request for that path is for; each knows only its own.
Service service_of(std::string_view path);

/// The service's name in signatures.
std::string_view to_string(Service service);

/// A request to one of the services, however it came in.
struct ServiceRequest {
  std::string region;  ///< that of the signature; empty: the scenario's
  std::string body;    ///< for EC2 the form: "Action=…&Version=…&…", percent-encoded
  Service service = Service::ec2;
  // What EC2 does not look at:
  std::string method = "POST";
  std::string target = "/";  ///< "/schedules/NAME?clientToken=…"
};

/// How faults and counts name a call: its action, with "DryRun " before it if it is one.
std::string call_name(const ServiceRequest& request);

}  // namespace pitstop::sim
