#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace pitstop {

/// What AWS knows a caller by.
struct Credentials {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;             ///< empty for long-lived keys
  std::optional<WallTime> expires;  ///< nothing if they do not expire, or nobody has told when

  /// Whether AWS takes them for the same.
  bool operator==(const Credentials& other) const;
};

/// Whether a value may go into an HTTP header as it stands: it has visible ASCII characters only. A
/// stray line break would begin another header.
bool fits_into_header(std::string_view value);

/// One of the places that credentials can come from.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;

  /// For messages and the log: "the environment".
  virtual std::string_view name() const = 0;

  /// The credentials, fetched anew each time; nothing if the user has not set this source up; an
  /// error if it is set up and does not work, and then no other source is asked.
  virtual Task<Result<std::optional<Credentials>>> load() = 0;
};

}  // namespace pitstop
