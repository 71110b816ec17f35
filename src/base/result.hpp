#pragma once

#include <expected>
#include <utility>

#include "base/error.hpp"

namespace pitstop {

/// A value, or the error that explains why there is none.
template <class T>
using Result = std::expected<T, Error>;

using Status = Result<void>;

inline std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}

inline std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return std::unexpected(Error{kind, std::move(message), std::move(hint), {}});
}

}  // namespace pitstop

// TRY(auto name, expression): the expression's value, or return its error to the caller.
// TRY_STATUS(expression): the same for a Status. In a coroutine: CO_TRY and CO_TRY_STATUS.
#define PITSTOP_JOIN_(a, b) a##b
#define PITSTOP_JOIN(a, b) PITSTOP_JOIN_(a, b)

#define PITSTOP_TRY_(leave, tried, declaration, ...) \
  auto tried = (__VA_ARGS__);                        \
  if (!tried) {                                      \
    leave std::unexpected(std::move(tried).error()); \
  }                                                  \
  declaration = *std::move(tried)

#define PITSTOP_TRY_STATUS_(leave, ...)                       \
  do {                                                        \
    auto tried_status = (__VA_ARGS__);                        \
    if (!tried_status) {                                      \
      leave std::unexpected(std::move(tried_status).error()); \
    }                                                         \
  } while (false)

#define TRY(declaration, ...) \
  PITSTOP_TRY_(return, PITSTOP_JOIN(tried_, __COUNTER__), declaration, __VA_ARGS__)
#define CO_TRY(declaration, ...) \
  PITSTOP_TRY_(co_return, PITSTOP_JOIN(tried_, __COUNTER__), declaration, __VA_ARGS__)
#define TRY_STATUS(...) PITSTOP_TRY_STATUS_(return, __VA_ARGS__)
#define CO_TRY_STATUS(...) PITSTOP_TRY_STATUS_(co_return, __VA_ARGS__)
