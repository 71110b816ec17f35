#include "backup/marking.hpp"

#include <fmt/format.h>

namespace pitstop {

Task<Status> open_backup(Tools tools, const BackupPlan& plan) {
  return tools.logbook.open(
      {.run = plan.run,
       .backup = plan.backup,
       .instance = plan.instance.id,
       .name = plan.instance.name().value_or(""),
       .region = tools.here.region,
       .role = tools.here.role,
       .opened = tools.clock.wall(),
       .start_when = std::string(to_string(plan.options.start_when)),
       .policy = plan.options.policy,
       .found_stopped = plan.found_stopped(),
       .holder = fmt::format("process {} on {}", tools.here.process, tools.here.host)});
}

Task<Status> set_mark(Tools tools, const BackupPlan& plan, Mark mark, std::string detail) {
  return tools.logbook.mark(plan.run, plan.instance.id, mark, std::move(detail),
                            usual_journal_patience);
}

Task<void> note_mark(Tools tools, const BackupPlan& plan, Mark mark, std::string detail) {
  const auto noted = co_await tools.logbook.mark(plan.run, plan.instance.id, mark,
                                                 std::move(detail), journal_patience_while_down);
  if (!noted) {
    tools.report(plan.instance.id, Step::warning,
                 fmt::format("{}: the journal does not take \"{}\": {}; it goes on all the same",
                             plan.instance.id.str(), to_string(mark), noted.error().message),
                 noted.error().hint);
  }
}

}  // namespace pitstop
