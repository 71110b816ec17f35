#include "cli/stranded_report.hpp"

namespace pitstop {

void tell_of_stranded(BackupReport& report, const StrandedServers& found, bool held_ones_too,
                      WallTime now) {
  report.begun(instances_of(found.servers));
  for (const auto& [instance, why] : found.passed_over) {
    if (held_ones_too || why.kind != ErrorKind::held) {
      report.saw({instance, Step::warning, now, why.message, why.hint});
    }
  }
}

}  // namespace pitstop
