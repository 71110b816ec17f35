#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pitstop::sim {

/// The services of AWS that are simulated.
enum class Service {
  ec2,
  scheduler,       ///< EventBridge Scheduler
  auto_scaling,    ///< EC2 Auto Scaling
  load_balancing,  ///< Elastic Load Balancing v2
  kms,
  ssm,  ///< Systems Manager
};

inline constexpr std::array all_services{Service::ec2,          Service::scheduler,
                                         Service::auto_scaling, Service::load_balancing,
                                         Service::kms,          Service::ssm};

/// The service's name in signatures, and in the names of permissions.
std::string_view to_string(Service service);

/// Which one a request is for: EventBridge Scheduler by its path, the others, which are all at "/",
/// by the name in the signature, EC2 without one. Where the name is none of those that can be at
/// that path, the one that would be there without a signature.
Service service_of(std::string_view path, std::string_view signed_name = {});

/// The actions of a service other than EC2 that the simulation knows.
std::span<const std::string_view> actions_of(Service service);

/// A request to one of the services, however it came in.
struct ServiceRequest {
  std::string region;  ///< that of the signature; empty: the scenario's
  std::string body;    ///< of the Query protocol the form: "Action=…&Version=…&…", percent-encoded
  Service service = Service::ec2;
  // What EC2 does not look at:
  std::string method = "POST";
  std::string target = "/";  ///< "/schedules/NAME?clientToken=…"
  std::string operation{};   ///< the header X-Amz-Target: "TrentService.DescribeKey"
};

/// A request while a service answers it.
struct ReceivedCall {
  const ServiceRequest& request;
  /// What the credentials may not do: "kms:DescribeKey".
  const std::vector<std::string>& denied;
  const std::string& request_id;
};

/// How faults and counts name a call: its action, with "DryRun " before it if it is one.
std::string call_name(const ServiceRequest& request);

}  // namespace pitstop::sim
