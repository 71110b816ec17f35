#pragma once

#include "sim/elb/load_balancing.hpp"
#include "sim/query/query_call.hpp"

/// The API of Elastic Load Balancing, version 2015-12-01, as far as elb/actions.hpp names it.
namespace pitstop::sim {

inline constexpr QueryService load_balancing_service{
    Service::load_balancing, "2015-12-01",
    "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"};

HttpResponse answer_load_balancing_call(const ReceivedCall& received, LoadBalancing& balancing);

}  // namespace pitstop::sim
