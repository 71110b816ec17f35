#pragma once

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// A look that hangs must not hold up the next one for long.
class ImpatientCaller final : public Caller {
 public:
  explicit ImpatientCaller(Caller& next) : next_(next) {}

  Task<Result<Reply>> call(Call call) override {
    call.attempt_timeout = Seconds(5);
    call.urgency = urgency;
    return next_.call(std::move(call));
  }

  /// Of the present look.
  Urgency urgency = Urgency::watches;

 private:
  Caller& next_;
};

}  // namespace pitstop::ec2
