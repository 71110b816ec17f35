#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// Makes a call again when its error says that this is right, until its patience (or the usual one)
/// ends: `throttled` and `transient` always, `unknown_fate` unless the call creates. The waits are
/// those of base/backoff.
///
/// When any attempt of a call that changes something may have happened, the error that comes out in
/// the end is `unknown_fate`, whatever the last attempt said.
class RetryingCaller final : public Caller {
 public:
  RetryingCaller(Caller& next, Clock& clock, Random& random, Duration usual_patience)
      : next_(next), clock_(clock), random_(random), usual_patience_(usual_patience) {}

  Task<Result<Reply>> call(Call call) override;

 private:
  Caller& next_;
  Clock& clock_;
  Random& random_;
  Duration usual_patience_;
};

/// Whether a call that ended with this error may have reached EC2: what has a code, EC2 has
/// answered.
bool was_sent(const Error& error);

/// Whether a call that ended so should be made again as it is.
bool worth_repeating(ErrorKind kind, Effect effect);

}  // namespace pitstop::ec2
