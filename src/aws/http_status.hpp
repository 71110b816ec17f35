#pragma once

#include "base/error.hpp"

namespace pitstop {

/// What is to be thought of an answer that says no more than its status, to a question that may be
/// asked again: 429 is `throttled`, 5xx `transient`, all else `refused`.
inline ErrorKind kind_of_status(int status) {
  if (status == 429) {
    return ErrorKind::throttled;
  }
  return status >= 500 ? ErrorKind::transient : ErrorKind::refused;
}

}  // namespace pitstop
