#include "backup/tools.hpp"

#include <fmt/format.h>

#include "backup/policy_names.hpp"
#include "base/text.hpp"

namespace pitstop {

Status may_begin(const BackupOptions& options, const Interruption& interruption,
                 const Clock& clock) {
  TRY_STATUS(still_wanted(interruption));
  if (options.begin_before && clock.wall() >= *options.begin_before) {
    return fail(
        ErrorKind::deadline,
        fmt::format("not begun, for the window of the policy {} closed at {}",
                    join(policies_in(options.policy), ", "), rfc3339(*options.begin_before)),
        "it is due when the window opens next; a longer one has room for more");
  }
  return {};
}

}  // namespace pitstop
