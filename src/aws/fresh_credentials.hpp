#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials.hpp"
#include "base/clock.hpp"
#include "base/semaphore.hpp"

namespace pitstop {

/// How long credentials last, as far as their source tells.
struct Lifetime {
  std::optional<WallTime> expires;  ///< nothing if they do not, or nobody has told when
  /// They have a session token, which ends some time, and nobody has told when.
  bool end_is_unknown = false;
  std::string source;  ///< its name
};

/// The credentials of a source, kept while they last.
///
/// They are fetched anew from a quarter of an hour before they expire, once a minute until that
/// works; with ten minutes left, whoever asks waits for the attempt that is under way (the windows
/// of botocore). An attempt that fails is a warning while those at hand are valid: to bring a
/// server back with them is better than not to. All who ask at once share one attempt, and a source
/// that fails, or gives again what AWS has refused, is asked every five seconds at most.
class FreshCredentials {
 public:
  FreshCredentials(std::unique_ptr<CredentialSource> source, Clock& clock)
      : source_(std::move(source)), clock_(clock) {}

  /// Valid ones. Errors: `forbidden` if there are none or they have expired; of the source, where
  /// `unknown_fate` and `deadline` become `transient`: nothing was asked of AWS with them.
  Task<Result<Credentials>> get();

  /// Fetches anew, unless those at hand are known to be valid for `needed` from now. How long they
  /// last then, which may be less.
  Task<Result<Lifetime>> outlive(Duration needed);

  /// AWS has refused these: fetches anew, unless there are others already, or the source was asked
  /// a moment ago. Those to be tried instead; nothing if there are no others.
  Task<std::optional<Credentials>> instead_of(Credentials refused);

 private:
  bool last_for(Duration time) const;
  bool attempted_within(Duration time) const;
  Lifetime lifetime() const;
  /// A new attempt, or the outcome of the one under way.
  Task<Result<Credentials>> renew();
  Task<void> attempt();
  Result<Credentials> outcome() const;

  std::unique_ptr<CredentialSource> source_;
  Clock& clock_;
  Semaphore turn_{1};
  std::optional<Credentials> held_;
  std::optional<Error> failure_;  ///< of the last attempt
  std::optional<Instant> attempted_;
  bool attempting_ = false;
  int attempts_ = 0;
};

}  // namespace pitstop
