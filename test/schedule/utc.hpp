#pragma once

#include "base/time.hpp"

namespace pitstop::test {

/// "2026-11-29T01:00:00Z"
inline WallTime utc(std::string_view text) {
  return parse_rfc3339(text).value();
}

}  // namespace pitstop::test
