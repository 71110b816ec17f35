#pragma once

#include <memory>

#include "base/random.hpp"
#include "ec2/instances.hpp"
#include "ec2/pace.hpp"

namespace pitstop::ec2 {

/// Starts instances for any number of waiting coroutines. StartInstances has the smallest bucket of
/// all (5, and 2 a second), so those that are to be started while it is empty go in one call. One
/// bad instance fails a whole call; then halves are tried until it stands alone.
class StartsTogether {
 public:
  /// `wire` is for one attempt a call.
  StartsTogether(Caller& wire, Pace& pace, Clock& clock, Random& random);
  ~StartsTogether();
  StartsTogether(const StartsTogether&) = delete;
  StartsTogether& operator=(const StartsTogether&) = delete;

  /// `is_paid`: its token of the bucket of instances was set aside. The answer is that of the call
  /// it went with.
  Task<Result<StateChanges>> start(InstanceId instance, bool is_paid);

 private:
  class Gathering;
  std::shared_ptr<Gathering> gathering_;
};

}  // namespace pitstop::ec2
