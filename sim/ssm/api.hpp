#pragma once

#include "http/http.hpp"
#include "sim/request.hpp"
#include "sim/ssm/agents.hpp"

/// The API of Systems Manager, version 2014-11-06 (JSON 1.1), as far as ssm/actions.hpp names it.
namespace pitstop::sim {

HttpResponse answer_ssm_call(const ReceivedCall& received, Agents& agents, const Region& region);

}  // namespace pitstop::sim
