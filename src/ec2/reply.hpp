#pragma once

#include "ec2/caller.hpp"
#include "http/http.hpp"

namespace pitstop::ec2 {

/// Reads an HTTP answer of the Query protocol: a Reply, or the Error that EC2 (or whoever stood
/// before it) meant. An answer that is not EC2's (HTML, cut or broken XML) counts as
/// `unknown_fate`, for the call may have been carried out; its text is shown in part.
Result<Reply> read_reply(HttpResponse response, const std::string& action);

}  // namespace pitstop::ec2
