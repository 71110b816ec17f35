#include "sim/refusal.hpp"

#include "sim/api/xml.hpp"
#include "sim/autoscaling/api.hpp"
#include "sim/elb/api.hpp"
#include "sim/json/json_call.hpp"
#include "sim/scheduler/api.hpp"

namespace pitstop::sim {

HttpResponse refusal_of(Service service, const ApiError& error, const std::string& request_id) {
  switch (service) {
    case Service::ec2:
      break;
    case Service::scheduler:
      return scheduler_refusal(error, request_id);
    case Service::auto_scaling:
      return query_refusal(auto_scaling_service, error, request_id);
    case Service::load_balancing:
      return query_refusal(load_balancing_service, error, request_id);
    case Service::kms:
    case Service::ssm:
      return json_refusal(error, request_id);
  }
  return {
      error.status, {{"Content-Type", "text/xml;charset=UTF-8"}}, xml::refusal(error, request_id)};
}

}  // namespace pitstop::sim
