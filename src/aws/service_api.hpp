#pragma once

#include <span>
#include <string>
#include <string_view>

#include "aws/json_error.hpp"
#include "base/error.hpp"
#include "http/http.hpp"

namespace pitstop {

/// What an error code means to us.
struct ErrorMeaning {
  std::string_view code;
  ErrorKind kind;
  std::string_view hint = {};
};

/// A service of AWS, as far as all calls of it have it in common.
struct ServiceApi {
  std::string_view name;   ///< in the table of service.cpp: "autoscaling"
  std::string_view title;  ///< in messages: "Auto Scaling"
  /// Codes that only this service has, or that mean something else here.
  std::span<const ErrorMeaning> codes;
  AnsweredError (*read_error)(const HttpResponse& response);
  /// Whether a body can be that of a success of the action: a page of some proxy's with status 200
  /// is none of AWS's answers.
  bool (*can_be_an_answer)(std::string_view action, const std::string& body);
  /// How many bytes an answer can need.
  std::size_t longest_answer = std::size_t{1} << 20;
  /// What the code alone does not tell.
  void (*refine)(std::string_view action, const AnsweredError& answered, Error& error) = nullptr;
};

/// What an answer that is no success means to us: message "ACTION: CODE: text". Codes that are in
/// no table are judged by the HTTP status: 429 `throttled`, 5xx `unknown_fate`, anything else
/// `refused`. An answer without a code is not from AWS, and `unknown_fate`.
Error explain_answer(const ServiceApi& api, std::string_view action, const HttpResponse& response);

/// The error of an answer that cannot be AWS's: `unknown_fate`.
Error not_from_service(const ServiceApi& api, std::string_view action,
                       const HttpResponse& response);

/// The error of a service that answers in JSON: the code in the header x-amzn-ErrorType or in the
/// body.
AnsweredError read_json_error(const HttpResponse& response);

/// An object, or nothing at all.
bool is_json_answer(std::string_view action, const std::string& body);

}  // namespace pitstop
