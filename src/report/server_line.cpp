#include "report/server_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/columns.hpp"

namespace pitstop {
namespace {

constexpr std::size_t widest_shown_title = 60;
constexpr std::size_t narrowest_shown_title = 12;
constexpr std::size_t downtime_width = 12;  // "DOWN 59m 59s"
constexpr std::size_t phase_width = 17;     // "awaiting progress"
constexpr std::size_t progress_width = 14;  // "100% 100% 100%"

std::string percent(const SnapshotOutcome& taken) {
  const auto& snapshot = taken.snapshot;
  if (snapshot.state == ec2::SnapshotState::completed) {
    return "100%";
  }
  if (snapshot.state == ec2::SnapshotState::error) {
    return "ERROR";
  }
  return snapshot.progress ? fmt::format("{}%", *snapshot.progress) : "-%";
}

std::string short_name(const SnapshotOutcome& taken) {
  const std::string_view device = taken.device;
  if (device.empty()) {
    return taken.snapshot.volume.str();
  }
  return std::string(device.starts_with("/dev/") ? device.substr(5) : device);
}

/// "1 ERROR, 2/14".
std::string snapshots_counted(const std::vector<SnapshotOutcome>& snapshots) {
  const auto count = [&](ec2::SnapshotState state) {
    return std::ranges::count_if(
        snapshots, [state](const auto& taken) { return taken.snapshot.state == state; });
  };
  const auto failed = count(ec2::SnapshotState::error);
  return (failed > 0 ? fmt::format("{} ERROR, ", failed) : "") +
         fmt::format("{}/{}", count(ec2::SnapshotState::completed), snapshots.size());
}

/// How far the snapshots are, in as many words as there is room for.
std::string progress_text(const std::vector<SnapshotOutcome>& snapshots, std::size_t room) {
  if (snapshots.empty()) {
    return "";
  }
  std::vector<std::string> with_names;
  std::vector<std::string> percents;
  for (const auto& taken : snapshots) {
    with_names.push_back(short_name(taken) + ' ' + percent(taken));
    percents.push_back(percent(taken));
  }
  const auto count = snapshots_counted(snapshots);
  for (const auto& text : {join(with_names, "  "), join(percents, " "), count + " complete"}) {
    if (columns_of(text) <= room) {
      return text;
    }
  }
  return count;
}

std::string downtime_so_far(const BoardServer& server, Instant now) {
  if (const auto since = server.down_since()) {
    return fmt::format("DOWN {:>7}", human(now - *since));
  }
  return server.was_down() ? fmt::format("down {:>7}", human(*server.was_down())) : "";
}

}  // namespace

LineLayout layout_for(std::size_t columns, std::size_t widest_title) {
  const auto others = downtime_width + phase_width + progress_width + 6;
  const auto room_for_title = columns > others ? columns - others : 0;
  const auto widest = std::clamp(room_for_title, narrowest_shown_title, widest_shown_title);
  return {columns, std::min(widest_title, widest)};
}

BoardLine server_line(const BoardServer& server, Instant now, LineLayout layout) {
  auto text =
      fmt::format("{}  {}  {}", padded(downtime_so_far(server, now), downtime_width),
                  padded(server.title, layout.title_width), padded(server.phase(), phase_width));
  const auto used = columns_of(text) + 2;
  const auto room = layout.columns > used ? layout.columns - used : 0;
  text += "  " + progress_text(server.snapshots, room);
  text.erase(text.find_last_not_of(' ') + 1);
  return {cut_to(text, layout.columns), server.is_down()};
}

}  // namespace pitstop
