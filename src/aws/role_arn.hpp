#pragma once

#include <string>
#include <string_view>

namespace pitstop {

/// Whether a text is the ARN of an IAM role, such as arn:aws:iam::123456789012:role/pitstop.
bool is_role_arn(std::string_view text);

/// The account that the role of this ARN belongs to: "123456789012"; empty if there is no ARN.
std::string account_of_role(std::string_view arn);

}  // namespace pitstop
