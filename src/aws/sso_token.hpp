#pragma once

#include <string>

#include "aws/credential_doors.hpp"
#include "aws/sso_settings.hpp"
#include "base/environment.hpp"

namespace pitstop {

/// The token that aws sso login has left in ~/.aws/sso/cache. One of an sso_session is renewed a
/// quarter of an hour before its end, and the new one is written where the old one was.
class SsoToken {
 public:
  /// `oidc_endpoint` is that of the service that renews it.
  SsoToken(SsoSettings settings, const Environment& environment, const CredentialDoors& doors,
           Result<std::string> oidc_endpoint);

  /// Read anew each time. Errors are `forbidden`: the user has to log in.
  Task<Result<Secret>> get();

  /// What to do about an error: aws sso login.
  std::string login_hint() const;

 private:
  struct Cached;
  Result<Cached> read() const;
  /// The renewed token, in the file already.
  Task<Result<Secret>> renew(Cached cached);
  /// The body of a success of CreateToken.
  Task<Result<std::string>> create_token(std::string body);

  SsoSettings settings_;
  std::string file_;
  CredentialDoors doors_;
  Result<std::string> oidc_endpoint_;
};

}  // namespace pitstop
