#include "support/killed_run.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define PITSTOP_FINDS_LEAKS
#endif
#endif

namespace pitstop::test {

bool run_to_be_killed(VirtualTime& time, Task<void> task) {
#ifdef PITSTOP_FINDS_LEAKS
  const __lsan::ScopedDisabler forgiven;
#endif
  return time.run(std::move(task));
}

}  // namespace pitstop::test
