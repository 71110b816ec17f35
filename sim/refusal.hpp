#pragma once

#include <string>

#include "http/http.hpp"
#include "sim/cloud/api_error.hpp"
#include "sim/request.hpp"

namespace pitstop::sim {

/// The id of an answer that comes before any service has seen the request.
inline constexpr auto no_request_id = "00000000-0000-0000-0000-000000000000";

/// A refusal as that service writes it; the codes of signatures are given as EC2's.
HttpResponse refusal_of(Service service, const ApiError& error, const std::string& request_id);

}  // namespace pitstop::sim
