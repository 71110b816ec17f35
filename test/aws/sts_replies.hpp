#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace pitstop::test {

/// What STS answers to "AssumeRole" or "AssumeRoleWithWebIdentity".
inline std::string sts_reply(std::string_view action, std::string_view access_key_id) {
  return fmt::format(
      "<{0}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{0}Result>"
      "<AssumedRoleUser><Arn>arn</Arn></AssumedRoleUser><Credentials>"
      "<AccessKeyId>{1}</AccessKeyId><SecretAccessKey>SECRETKEY</SecretAccessKey>"
      "<SessionToken>SECRETTOKEN</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
      "</Credentials></{0}Result></{0}Response>",
      action, access_key_id);
}

inline std::string sts_error(std::string_view code, std::string_view message) {
  return fmt::format(
      "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
      "<Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>",
      code, message);
}

}  // namespace pitstop::test
