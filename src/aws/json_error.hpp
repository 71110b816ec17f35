#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/http.hpp"

namespace pitstop {

/// An error as it stands in an answer; without a code it is none of AWS's.
struct AnsweredError {
  std::string code;
  std::string message;
};

/// The error of a service that answers in JSON: its code in the header x-amzn-ErrorType, else in
/// the first of those members of the body that there is; without a name space and a URL around it.
AnsweredError read_json_error(const HttpResponse& response,
                              std::initializer_list<const char*> code_members,
                              std::initializer_list<const char*> message_members);

/// What an answer of a service for logins that is no success means to us: "ACTION: CODE: text". 401
/// and 403 are `forbidden`, 429 `throttled`, 5xx `transient`, all else `refused`.
Error explain_json_error(std::string_view action, const HttpResponse& response);

}  // namespace pitstop
