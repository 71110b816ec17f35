#include "aws/json_call.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace pitstop {

ServiceCall json_call(std::string_view service, const std::string& action,
                      const nlohmann::json& request) {
  return {.action = action,
          .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                      {"X-Amz-Target", fmt::format("{}.{}", service, action)}},
          .body = request.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

}  // namespace pitstop
