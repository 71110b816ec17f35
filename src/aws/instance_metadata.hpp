#pragma once

#include <optional>
#include <string>

#include "aws/metadata_settings.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "http/http.hpp"

namespace pitstop {

/// The instance metadata service of EC2 (IMDS), which tells a server about itself. It is asked with
/// a session token (IMDSv2), and without one only where it knows none.
class InstanceMetadata {
 public:
  InstanceMetadata(Http& http, Clock& clock, Random& random, MetadataSettings settings)
      : http_(http), clock_(clock), random_(random), settings_(std::move(settings)) {}

  /// What stands at a path ("latest/meta-data/placement/region"). Errors: `not_found` if there is
  /// no service (this is no server of EC2's, or it is turned off) or nothing at the path;
  /// `transient` if it does not answer; `throttled`, `forbidden` or `refused` if it answers
  /// something else.
  Task<Result<std::string>> get(std::string path);

  /// The server that we run on; nothing if there is no answer within a second or so.
  Task<std::optional<InstanceId>> instance_id();

 private:
  struct Patience {
    Milliseconds timeout;
    int attempts;
  };

  // With the kinds of single attempts: `transient` if nobody is there, `unknown_fate` if there is
  // no answer, `forbidden` if the token is not taken, `not_found`, `throttled` or `refused`.
  Task<Result<std::string>> ask(std::string path, Patience patience);
  /// A session token; an empty one where the service knows none.
  Task<Result<Secret>> fetch_token(Patience patience);
  Task<Result<std::string>> send(HttpRequest request, Patience patience);
  Task<Result<std::string>> attempt(HttpRequest request);
  HttpRequest request_for(std::string method, std::string path) const;

  Http& http_;
  Clock& clock_;
  Random& random_;
  MetadataSettings settings_;
  std::optional<Secret> token_;  ///< for as long as the service takes it
};

}  // namespace pitstop
