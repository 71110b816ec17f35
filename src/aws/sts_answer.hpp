#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.hpp"
#include "http/http.hpp"

namespace pitstop {

/// The credentials in a success of AssumeRole or AssumeRoleWithWebIdentity ("ACTIONResponse").
/// `transient` if there are none, for somebody else may have answered.
Result<Credentials> read_sts_credentials(const std::string& body, const std::string& action);

/// What an answer of STS that is no success means to us: message "ACTION: CODE: text", without
/// `secrets`, which AWS repeats in some of its messages.
Error explain_sts_error(std::string_view action, const HttpResponse& response,
                        const std::vector<Secret>& secrets);

}  // namespace pitstop
