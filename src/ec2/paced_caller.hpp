#pragma once

#include <string>
#include <vector>

#include "ec2/pace.hpp"

namespace pitstop::ec2 {

/// Takes its tokens before each call.
class PacedCaller final : public Caller {
 public:
  PacedCaller(Caller& next, Pace& pace) : next_(next), pace_(pace) {}
  ~PacedCaller() override { give_back(); }
  PacedCaller(const PacedCaller&) = delete;
  PacedCaller& operator=(const PacedCaller&) = delete;

  Task<Result<Reply>> call(Call call) override;

  /// Waits for tokens that will be needed later, when there is no time to wait: the next call of
  /// the action takes none. An error if the user has asked to end before.
  Task<Status> set_aside(Need need, Interruption& interruption);

  /// Whether tokens of this action are set aside; if so they are spent.
  bool spend(const std::string& action);

  /// What is still set aside.
  void give_back();

 private:
  Caller& next_;
  Pace& pace_;
  std::vector<Need> set_aside_;
};

}  // namespace pitstop::ec2
