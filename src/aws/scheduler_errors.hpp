#pragma once

#include <string_view>

#include "base/error.hpp"
#include "http/http.hpp"

namespace pitstop {

/// What an answer of EventBridge Scheduler that is no success means to us. The code stands in the
/// header x-amzn-ErrorType or in the body; codes that nobody knows are judged by the HTTP status:
/// 429 `throttled`, 5xx `unknown_fate`, anything else `refused`. An answer without a code is not
/// from AWS, and `unknown_fate`. The message is "ACTION: CODE: text".
Error explain_scheduler_error(std::string_view action, const HttpResponse& response);

/// The error of a success whose body cannot be what AWS answers: `unknown_fate`.
Error not_from_scheduler(std::string_view action, const HttpResponse& response);

}  // namespace pitstop
