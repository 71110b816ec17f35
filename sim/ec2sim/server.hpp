#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "sim/front/front.hpp"

namespace pitstop::sim {

/// HTTP on a TCP port. Whatever clients send, it answers or hangs up, and goes on.
class Server {
 public:
  /// Takes the port; 0 takes a free one. `refused` if somebody else has it.
  static Result<std::unique_ptr<Server>> open(const Executor& executor, const std::string& address,
                                              std::uint16_t port);
  ~Server();

  /// "http://127.0.0.1:4599"
  std::string url() const;

  /// Serves whoever comes, for ever. A client may take `patience` for a request. The clock is the
  /// real one.
  Task<void> serve(Front& front, Clock& clock, Duration patience);

 private:
  struct Listener;
  explicit Server(std::unique_ptr<Listener> listener);

  std::unique_ptr<Listener> listener_;
};

}  // namespace pitstop::sim
