#pragma once

#include <expected>
#include <string>
#include <utility>

namespace pitstop::sim {

/// A refusal in EC2's own words: what goes into <Error> and the status line.
struct ApiError {
  std::string code;
  std::string message;
  int status = 400;
};

template <class T>
using Answer = std::expected<T, ApiError>;

inline std::unexpected<ApiError> refuse(std::string code, std::string message, int status = 400) {
  return std::unexpected(ApiError{std::move(code), std::move(message), status});
}

}  // namespace pitstop::sim
