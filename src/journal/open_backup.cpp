#include "journal/open_backup.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace pitstop {

std::string_view to_string(Mark mark) {
  switch (mark) {
    case Mark::prime:
      return "prime";
    case Mark::fast_restore:
      return "fast_restore";
    case Mark::tag:
      return "tag";
    case Mark::rotation:
      return "rotation";
    case Mark::guard:
      return "guard";
    case Mark::reserve:
      return "reserve";
    case Mark::stop:
      return "stop";
    case Mark::force:
      return "force";
    case Mark::snapshots:
      return "snapshots";
    case Mark::volumes:
      return "volumes";
    case Mark::swap:
      return "swap";
    case Mark::start:
      return "start";
    case Mark::running:
      return "running";
  }
  unreachable();
}

std::optional<Mark> parse_mark(std::string_view text) {
  for (int i = 0; i <= static_cast<int>(Mark::running); ++i) {
    if (text == to_string(static_cast<Mark>(i))) {
      return static_cast<Mark>(i);
    }
  }
  return std::nullopt;
}

const MarkRecord* OpenBackup::find(Mark mark) const {
  const auto found = std::ranges::find(marks, mark, &MarkRecord::mark);
  return found == marks.end() ? nullptr : &*found;
}

const MarkRecord* OpenBackup::find_last(Mark mark) const {
  const auto found = std::find_if(marks.rbegin(), marks.rend(),
                                  [&](const MarkRecord& record) { return record.mark == mark; });
  return found == marks.rend() ? nullptr : &*found;
}

}  // namespace pitstop
