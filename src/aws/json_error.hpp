#pragma once

#include <string_view>

#include "base/error.hpp"
#include "http/http.hpp"

namespace pitstop {

/// An answer of a service that speaks JSON and that is no success: "ACTION: CODE: text", the code
/// from the header x-amzn-ErrorType or from the body. 401 and 403 are `forbidden`, 429 `throttled`,
/// 5xx `transient`, all else `refused`.
Error explain_json_error(std::string_view action, const HttpResponse& response);

}  // namespace pitstop
