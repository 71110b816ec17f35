#include "cli/drawing.hpp"

#include "base/concurrently.hpp"

namespace pitstop {
namespace {

Task<void> redraw_until(std::shared_ptr<bool> ended, BackupReport& report, Clock& clock,
                        Duration every, AskCongestion congestion) {
  while (!*ended) {
    report.redraw(congestion());
    co_await clock.sleep(every);
  }
}

}  // namespace

Drawing::Drawing(const Executor& executor, BackupReport& report, Clock& clock, Duration every,
                 AskCongestion congestion) {
  if (report.wants_progress()) {
    begin(executor, redraw_until(ended_, report, clock, every, std::move(congestion)));
  }
}

}  // namespace pitstop
