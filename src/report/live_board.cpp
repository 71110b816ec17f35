#include "report/live_board.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "report/columns.hpp"

namespace pitstop {
namespace {

constexpr std::size_t widest_title = 60;
constexpr std::size_t narrowest_title = 12;
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
std::string counted(const std::vector<SnapshotOutcome>& snapshots) {
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
  const auto count = counted(snapshots);
  for (const auto& text : {join(with_names, "  "), join(percents, " "), count + " complete"}) {
    if (columns_of(text) <= room) {
      return text;
    }
  }
  return count;
}

}  // namespace

void LiveBoard::add(const InstanceId& instance, std::string title) {
  servers_[instance].title = std::move(title);
}

void LiveBoard::saw(const Event& event, Instant now) {
  if (event.step == Step::warning || event.step == Step::alarm) {
    return;
  }
  auto& server = servers_[event.instance];
  if (server.title.empty()) {
    server.title = event.instance.str();
  }
  if (event.step == Step::stop_requested) {
    server.down_since = now;
  } else if (event.step == Step::start_requested) {
    // A start that has fallen back: the outage goes on, and has been going on all the time.
    server.down_since = server.down_since.value_or(now - server.was_down.value_or(Duration()));
    server.is_starting = true;
  } else if (event.step == Step::running && server.down_since) {
    server.was_down = now - *server.down_since;
    server.down_since.reset();
    server.is_starting = false;
  } else if (event.step == Step::finished) {
    server.outcome = event.detail;
    if (!server.is_starting) {
      server.down_since.reset();  // the stop was never taken
    }
  }
  server.step = event.step;
}

void LiveBoard::saw_progress(const InstanceId& instance,
                             const std::vector<SnapshotOutcome>& snapshots) {
  servers_[instance].snapshots = snapshots;
}

std::string LiveBoard::downtime(const Server& server, Instant now) {
  if (server.down_since) {
    return fmt::format("DOWN {:>7}", human(now - *server.down_since));
  }
  return server.was_down ? fmt::format("down {:>7}", human(*server.was_down)) : "";
}

std::string_view LiveBoard::phase(const Server& server) {
  if (!server.step) {
    return "waiting";
  }
  switch (*server.step) {
    case Step::recovering:
      return "recovering";
    case Step::waiting:
      return "waiting";
    case Step::priming:
      return "up, priming";
    case Step::primed:
      return "waiting";
    case Step::draining:
    case Step::drained:
      return "draining";
    case Step::stop_requested:
      return "stopping";
    case Step::frozen:
      return "frozen";
    case Step::stopped:
    case Step::snapshots_requested:
      return "taking snapshots";
    case Step::snapshots_created:
    case Step::thawed:
      return "awaiting progress";
    case Step::gate_opened:
    case Step::start_requested:
      return "starting";
    case Step::running:
    case Step::in_rotation:
    case Step::changed:
    case Step::snapshot_completed:
      return "up, copying";
    case Step::finished:
      return server.down_since ? "NOT RUNNING" : std::string_view(server.outcome);
    case Step::warning:
    case Step::alarm:
      break;
  }
  unreachable();
}

int LiveBoard::urgency(const Server& server) {
  if (server.down_since) {
    return 0;
  }
  return server.step == Step::finished ? 3 : server.step ? 1 : 2;
}

BoardLine LiveBoard::line(const Server& server, Instant now, Layout layout) {
  auto text =
      fmt::format("{}  {}  {}", padded(downtime(server, now), downtime_width),
                  padded(server.title, layout.title_width), padded(phase(server), phase_width));
  const auto used = columns_of(text) + 2;
  const auto room = layout.columns > used ? layout.columns - used : 0;
  text += "  " + progress_text(server.snapshots, room);
  text.erase(text.find_last_not_of(' ') + 1);
  return {cut_to(text, layout.columns), server.down_since.has_value()};
}

std::vector<const LiveBoard::Server*> LiveBoard::most_urgent_first() const {
  std::vector<const Server*> order;
  for (const auto& [instance, server] : servers_) {
    order.push_back(&server);
  }
  std::ranges::sort(order, {}, [](const Server* server) {
    return std::pair(urgency(*server), std::string_view(server->title));
  });
  return order;
}

std::vector<BoardLine> LiveBoard::render(Instant now, BoardSize size) const {
  const auto order = most_urgent_first();
  std::size_t title_width = 0;
  for (const auto* server : order) {
    title_width = std::max(title_width, columns_of(server->title));
  }
  // The last column stays free: some terminals wrap a line that fills it.
  const auto columns = static_cast<std::size_t>(std::max(size.columns - 1, 1));
  const auto others = downtime_width + phase_width + progress_width + 6;
  const auto room_for_title = columns > others ? columns - others : 0;
  const auto widest = std::clamp(room_for_title, narrowest_title, widest_title);
  const Layout layout{columns, std::min(title_width, widest)};

  const auto lines_free = static_cast<std::size_t>(std::max(size.lines - 1, 1));
  const auto shown = order.size() <= lines_free ? order.size() : lines_free - 1;
  std::vector<BoardLine> lines;
  for (std::size_t i = 0; i < shown; ++i) {
    lines.push_back(line(*order[i], now, layout));
  }
  if (shown < order.size()) {
    const auto hidden = order.size() - shown;
    const auto down =
        std::ranges::count_if(order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                              [](const Server* server) { return server->down_since.has_value(); });
    const auto text = down > 0 ? fmt::format("DOWN: {} of {} more servers", down, hidden)
                               : fmt::format("and {} more", hidden);
    lines.push_back({cut_to(text, columns), down > 0});
  }
  return lines;
}

}  // namespace pitstop
