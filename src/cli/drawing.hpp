#pragma once

#include <memory>

#include "base/clock.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// As long as it lives, a report that moves is drawn again and again.
class Drawing {
 public:
  Drawing(const Executor& executor, BackupReport& report, Clock& clock, Duration every);
  ~Drawing() { *ended_ = true; }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

 private:
  std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
};

}  // namespace pitstop
