#include "backup/surprises.hpp"

#include <fmt/format.h>

#include <exception>

namespace pitstop {

Task<Status> without_surprises(Clock& clock, Task<Status> step) {
  Status status;
  try {
    status = co_await std::move(step);
  } catch (const std::exception& surprise) {
    status = fail(ErrorKind::internal, fmt::format("unexpected: {}", surprise.what()));
  }
  if (!status && status.error().kind == ErrorKind::internal) {
    co_await clock.sleep(Seconds(1));
  }
  co_return status;
}

}  // namespace pitstop
