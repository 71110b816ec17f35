#pragma once

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// Counts the calls that pass, each attempt by itself.
class CountingCaller final : public Caller {
 public:
  explicit CountingCaller(Caller& next) : next_(next) {}

  Task<Result<Reply>> call(Call call) override {
    ++calls_;
    return next_.call(std::move(call));
  }

  int calls() const { return calls_; }

 private:
  Caller& next_;
  int calls_ = 0;
};

}  // namespace pitstop::ec2
