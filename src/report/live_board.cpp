#include "report/live_board.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr std::size_t widest_title = 40;

std::string_view phase(const std::optional<Step>& step) {
  if (!step) {
    return "waiting";
  }
  switch (*step) {
    case Step::stop_requested:
      return "stopping";
    case Step::stopped:
    case Step::snapshots_requested:
      return "asking for snapshots";
    case Step::snapshots_created:
      return "waiting for progress";
    case Step::gate_opened:
    case Step::start_requested:
      return "starting";
    case Step::running:
    case Step::snapshot_completed:
      return "up, snapshots copying";
    case Step::finished:
      return "done";
    case Step::warning:
      break;
  }
  unreachable();
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string padded(const std::string& text, std::size_t columns) {
  const auto cut = cut_to(text, columns);
  return cut + std::string(columns - columns_of(cut), ' ');
}

std::string short_device(std::string_view device) {
  return std::string(device.starts_with("/dev/") ? device.substr(5) : device);
}

std::string progress_of(const SnapshotOutcome& taken) {
  const auto& [snapshot, device] = taken;
  const auto name = device.empty() ? snapshot.volume.str() : short_device(device);
  if (snapshot.state == ec2::SnapshotState::completed) {
    return name + " 100 %";
  }
  if (snapshot.state == ec2::SnapshotState::error) {
    return name + " ERROR";
  }
  return snapshot.progress ? fmt::format("{} {:>3} %", name, *snapshot.progress) : name + "   - %";
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) {
    return std::string(text);
  }
  std::string cut;
  std::size_t used = 0;
  for (const char c : text) {
    used += is_continuation(c) ? 0 : 1;
    if (used >= columns) {
      break;
    }
    cut += c;
  }
  return columns > 0 ? cut + "…" : cut;
}

void LiveBoard::add(const InstanceId& instance, std::string title) {
  servers_[instance].title = std::move(title);
}

void LiveBoard::saw(const Event& event, Instant now) {
  auto& server = servers_[event.instance];
  if (event.step == Step::warning) {
    return;
  }
  if (event.step == Step::stop_requested) {
    server.down_since = now;
  }
  if (event.step == Step::running && server.down_since) {
    server.was_down = now - *server.down_since;
    server.down_since.reset();
  }
  server.step = event.step;
}

void LiveBoard::saw_progress(const InstanceId& instance,
                             const std::vector<SnapshotOutcome>& snapshots) {
  servers_[instance].snapshots = snapshots;
}

int LiveBoard::urgency(const Server& server) {
  if (server.down_since) {
    return 0;
  }
  return server.step == Step::finished ? 3 : server.step ? 1 : 2;
}

std::string LiveBoard::line(const Server& server, Instant now, std::size_t title_width) {
  auto text = fmt::format("{}  {:<21}", padded(server.title, title_width), phase(server.step));
  if (server.down_since) {
    text += fmt::format("  DOWN {:>7}", human(now - *server.down_since));
  } else if (server.was_down) {
    text += fmt::format("  down {:>7}", human(*server.was_down));
  } else {
    text += std::string(14, ' ');
  }
  for (const auto& snapshot : server.snapshots) {
    text += "  " + progress_of(snapshot);
  }
  return text;
}

std::vector<std::string> LiveBoard::render(Instant now, BoardSize size) const {
  std::vector<const Server*> order;
  std::size_t title_width = 0;
  for (const auto& [instance, server] : servers_) {
    order.push_back(&server);
    title_width = std::max(title_width, columns_of(server.title));
  }
  std::ranges::sort(order, {}, [](const Server* server) {
    return std::pair(urgency(*server), std::string_view(server->title));
  });
  const auto room = static_cast<std::size_t>(std::max(size.lines - 1, 1));
  const auto shown = order.size() <= room ? order.size() : room - 1;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < shown; ++i) {
    lines.push_back(line(*order[i], now, std::min(title_width, widest_title)));
  }
  if (shown < order.size()) {
    lines.push_back(fmt::format("and {} more", order.size() - shown));
  }
  for (auto& text : lines) {
    text = cut_to(text, static_cast<std::size_t>(std::max(size.columns - 1, 1)));
  }
  return lines;
}

}  // namespace pitstop
