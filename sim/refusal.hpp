#pragma once

#include <string>

#include "http/http.hpp"
#include "sim/cloud/api_error.hpp"
#include "sim/request.hpp"

namespace pitstop::sim {

/// A refusal as that service writes it; the codes of signatures are given as EC2's.
HttpResponse refusal_of(Service service, const ApiError& error, const std::string& request_id);

}  // namespace pitstop::sim
