#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/http.hpp"
#include "sim/cloud/api_error.hpp"
#include "sim/request.hpp"

namespace pitstop::sim {

/// Keys that the simulated AWS knows.
struct KnownKey {
  std::string secret;
  std::string token = {};                ///< empty for long-lived keys
  std::optional<WallTime> expires = {};  ///< by AWS's clock
};

/// Who is let in where the door is in the same process as the client: whoever signs with keys that
/// are known and last, by a clock that is right to five minutes. The signatures themselves are made
/// by the real network only; sim/front verifies those.
class Admission {
 public:
  /// `client` is the clock by which the client dates its signatures.
  explicit Admission(const Clock& client) : client_(client) {}

  void know(std::string id, KnownKey key) { keys_.insert_or_assign(std::move(id), std::move(key)); }
  void forget(const std::string& id) { keys_.erase(id); }

  /// The date of the signature of a request that is sent now.
  WallTime date_of(const HttpRequest& request) const;

  /// `now` is AWS's time. Refuses with the codes of the service.
  Answer<void> admit(const AwsSignature& signature, WallTime dated_at, Service service,
                     WallTime now) const;

 private:
  const Clock& client_;
  std::map<std::string, KnownKey> keys_;
};

}  // namespace pitstop::sim
