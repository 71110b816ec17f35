#include "sim/service_errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pitstop::sim {

ApiError in_words_of(std::span<const CommonError> service, ApiError error) {
  const auto common = std::ranges::find(service, error.code, &CommonError::in_ec2);
  if (common != service.end()) {
    error.code = common->here;
    error.status = common->status;
  }
  return error;
}

std::string not_authorized(std::string_view account, std::string_view permission,
                           std::string_view resource) {
  return fmt::format(
      "User: arn:aws:iam::{}:user/simulated is not authorized to perform: {} on resource: {} "
      "because no identity-based policy allows the {} action",
      account, permission, resource, permission);
}

}  // namespace pitstop::sim
