#pragma once

#include <string_view>

#include "base/error.hpp"

namespace pitstop::ec2 {

/// What an EC2 error code means to us. Codes that are not in the table are judged by the HTTP
/// status: 5xx `unknown_fate`, anything else `refused`; those that end in ".NotFound" say it
/// themselves.
ErrorKind kind_of(std::string_view code, int http_status);

/// EC2's error as ours: message "ACTION: CODE: text", hint where there is something to do.
Error explain(std::string_view action, int http_status, std::string_view code,
              std::string_view message);

}  // namespace pitstop::ec2
