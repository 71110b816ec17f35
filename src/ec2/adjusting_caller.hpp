#pragma once

#include <functional>

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// Changes each call on its way, such as how patiently it is made.
class AdjustingCaller final : public Caller {
 public:
  using Adjust = std::function<void(Call&)>;

  AdjustingCaller(Caller& next, Adjust adjust) : next_(next), adjust_(std::move(adjust)) {}

  Task<Result<Reply>> call(Call call) override {
    adjust_(call);
    return next_.call(std::move(call));
  }

 private:
  Caller& next_;
  Adjust adjust_;
};

}  // namespace pitstop::ec2
