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

Task<void> keep_first_error(Clock& clock, Task<Status> step, std::optional<Error>& first) {
  auto status = co_await without_surprises(clock, std::move(step));
  if (!status && !first) {
    first = std::move(status).error();
  }
}

}  // namespace pitstop
