#pragma once

#include "aws/service_api.hpp"

namespace pitstop {

/// EventBridge Scheduler and its errors. A conflict is `held` where a schedule is made, and passes
/// elsewhere.
extern const ServiceApi scheduler_api;

}  // namespace pitstop
