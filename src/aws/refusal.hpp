#pragma once

#include <string>
#include <string_view>

#include "http/http.hpp"

/// What an answer of AWS says against whoever has signed the request, whatever the protocol of the
/// service.
namespace pitstop {

/// The code of an answer that refuses a request (status 400, 401 or 403); empty if it has none.
std::string refusal_code(const HttpResponse& response);

/// Whether a refusal with that code can come from a wrong date of the signature.
bool may_be_the_clock(std::string_view code);

/// Whether it can mean that the credentials are not good, or not any more.
bool may_be_the_credentials(std::string_view code);

/// The hint of an error with that code, with the difference of the clocks where one was measured.
std::string hint_with_clock(std::string hint, std::string_view code, const HttpResponse& response);

}  // namespace pitstop
