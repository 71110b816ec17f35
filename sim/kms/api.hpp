#pragma once

#include "http/http.hpp"
#include "sim/cloud/region.hpp"
#include "sim/request.hpp"

/// The API of KMS, version 2014-11-01 (JSON 1.1), as far as kms/actions.hpp names it.
namespace pitstop::sim {

/// The region's keys, and the one that AWS manages for EBS ("alias/aws/ebs").
HttpResponse answer_kms_call(const ReceivedCall& received, const Region& region);

}  // namespace pitstop::sim
