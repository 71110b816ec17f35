#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// Tells what EC2 slows down at the moment: of one pace, or of each of several.
using AskCongestion = std::function<std::vector<ec2::Congestion>()>;

/// As long as it lives, a report that moves is drawn again and again.
class Drawing {
 public:
  Drawing(const Executor& executor, BackupReport& report, Clock& clock, Duration every,
          AskCongestion congestion);
  ~Drawing() { *ended_ = true; }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

 private:
  std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
};

}  // namespace pitstop
