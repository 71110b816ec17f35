#pragma once

#include "sim/autoscaling/auto_scaling.hpp"
#include "sim/query/query_call.hpp"

/// The API of EC2 Auto Scaling, version 2011-01-01, as far as autoscaling/actions.hpp names it.
namespace pitstop::sim {

inline constexpr QueryService auto_scaling_service{
    Service::auto_scaling, "2011-01-01", "http://autoscaling.amazonaws.com/doc/2011-01-01/"};

HttpResponse answer_auto_scaling_call(const ReceivedCall& received, AutoScaling& scaling);

}  // namespace pitstop::sim
