#pragma once

#include <functional>
#include <string>

#include "support/fault_plan.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {

/// What a fault server's connections share.
struct FaultConnections {
  FaultScript& script;
  std::string upstream;  ///< empty if there is none
  const Interrupt& interrupt;
  std::function<void(RecordedRequest&)> record;
};

/// Serves one connection until either side closes it. `stream` is the socket itself or TLS over it.
void serve_connection(Socket& socket, ByteStream& stream, int number,
                      const FaultConnections& shared);

}  // namespace pitstop::test
