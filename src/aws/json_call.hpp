#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "aws/service_caller.hpp"

namespace pitstop {

/// A call in the protocol AWS JSON 1.1. `service` is what its model calls the target prefix:
/// "TrentService".
ServiceCall json_call(std::string_view service, const std::string& action,
                      const nlohmann::json& request);

}  // namespace pitstop
