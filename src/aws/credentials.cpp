#include "aws/credentials.hpp"

#include <algorithm>

namespace pitstop {

bool fits_into_header(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace pitstop
