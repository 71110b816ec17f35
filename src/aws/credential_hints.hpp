#pragma once

#include <string_view>

/// What to do when AWS does not know who is asking; the services have different codes for it.
namespace pitstop {

inline constexpr std::string_view check_keys_hint =
    "check the credentials: aws sts get-caller-identity";
inline constexpr std::string_view expired_credentials_hint =
    "renew the credentials, and check this host's clock: AWS allows a few minutes of difference";
inline constexpr std::string_view wrong_signature_hint =
    "check the secret access key, and this host's clock";
inline constexpr std::string_view wrong_clock_hint =
    "set this host's clock: AWS allows a few minutes of difference";

}  // namespace pitstop
