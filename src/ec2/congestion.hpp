#pragma once

#include <cstddef>
#include <string>

namespace pitstop::ec2 {

/// An action that EC2 allows no faster at the moment.
struct Congestion {
  std::string action;
  std::size_t waiting = 0;  ///< calls that wait for their tokens
  bool throttled = false;   ///< EC2 has refused some lately: somebody else uses the account, too

  bool operator==(const Congestion&) const = default;
};

}  // namespace pitstop::ec2
