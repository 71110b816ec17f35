#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace pitstop {

void check_failed(const char* expectation, std::source_location where) {
  std::fprintf(stderr, "pitstop: bug: %s:%u: expected: %s\n", where.file_name(), where.line(),
               expectation);
  std::abort();
}

}  // namespace pitstop
