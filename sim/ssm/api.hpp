#pragma once

#include "http/http.hpp"
#include "sim/request.hpp"
#include "sim/ssm/agents.hpp"

/// The API of Systems Manager, version 2014-11-06 (JSON 1.1), as far as ssm/actions.hpp names it.
namespace pitstop::sim {

HttpResponse answer_ssm_call(const ReceivedCall& received, Agents& agents, const Region& region);

/// A refusal as this service writes it; those that EC2 has other codes for get this service's.
HttpResponse ssm_refusal(ApiError error, const std::string& request_id);

}  // namespace pitstop::sim
