#pragma once

#include <memory>
#include <optional>

#include "aws/credentials.hpp"
#include "base/clock.hpp"
#include "base/semaphore.hpp"

namespace pitstop {

/// The credentials of a source, kept while they last.
///
/// They are fetched anew from a quarter of an hour before they expire, once a minute until that
/// works; with ten minutes left, whoever asks waits for the attempt that is under way (the windows
/// of botocore). An attempt that fails is a warning while those at hand are valid: to bring a
/// server back with them is better than not to. All who ask at once share one attempt.
class FreshCredentials {
 public:
  FreshCredentials(std::unique_ptr<CredentialSource> source, Clock& clock)
      : source_(std::move(source)), clock_(clock) {}

  /// Valid ones. Errors: `forbidden` if there are none or they have expired; of the source, where
  /// `unknown_fate` and `deadline` become `transient`: nothing was asked of AWS with them.
  Task<Result<Credentials>> get();

  /// Fetches anew, unless those at hand are valid for `needed` from now. The expiry that holds
  /// then, which may be sooner; nothing if they do not expire.
  Task<Result<std::optional<WallTime>>> outlive(Duration needed);

 private:
  bool last_for(Duration time) const;
  bool wait_before_next_attempt() const;
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
