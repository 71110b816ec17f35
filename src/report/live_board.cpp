#include "report/live_board.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/columns.hpp"
#include "report/fleet_header.hpp"
#include "report/server_line.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

/// Who waits for tokens waits for parts of a second: a line that came and went would flicker.
constexpr Duration congestion_stays = Seconds(3);

/// How many of the free lines are the header's: half of them at most, but all if nothing but a
/// count would stand below it.
std::size_t header_lines(std::size_t header, std::size_t servers, std::size_t free) {
  const auto usual = std::min(header, std::max<std::size_t>(free / 2, 1));
  const auto below = free - usual;
  return below < std::min<std::size_t>(servers, 2) ? std::min(header, free) : usual;
}

}  // namespace

LiveBoard::Place LiveBoard::place_of(const BoardServer& server) {
  return {server.rank(), server.down_since().value_or(Instant()), server.title, &server};
}

void LiveBoard::take_out(const BoardServer& server) {
  order_.erase(place_of(server));
  totals_.remove(server);
}

void LiveBoard::put_in(const BoardServer& server) {
  order_.insert(place_of(server));
  totals_.add(server);
}

void LiveBoard::add(const InstanceId& instance, std::string title) {
  const auto [place, is_new] = servers_.try_emplace(instance);
  auto& server = place->second;
  if (!is_new) {
    take_out(server);
  }
  server.title = std::move(title);
  widest_title_ = std::max(widest_title_, columns_of(server.title));
  put_in(server);
}

void LiveBoard::saw(const Event& event, Instant now) {
  if (is_for_a_person(event.step)) {
    return;
  }
  if (!servers_.contains(event.instance)) {
    add(event.instance, event.instance.str());
  }
  auto& server = servers_[event.instance];
  const bool was_through = server.is_through();
  take_out(server);
  server.saw(event, now);
  put_in(server);
  if (server.is_through() && !was_through) {
    totals_.got_through(server, now);
  }
}

void LiveBoard::saw_progress(const InstanceId& instance,
                             const std::vector<SnapshotOutcome>& snapshots) {
  const auto server = servers_.find(instance);
  if (server != servers_.end()) {
    server->second.snapshots = snapshots;
  }
}

void LiveBoard::saw_congestion(std::vector<ec2::Congestion> congestion, Instant now) {
  if (!congestion.empty() || now - congested_ >= congestion_stays) {
    congestion_ = std::move(congestion);
    congested_ = now;
  }
}

std::vector<BoardLine> LiveBoard::header(Instant now) const {
  if (servers_.size() < 2) {
    return {};
  }
  std::optional<Duration> longest;
  if (totals_.down() > 0) {
    longest = now - order_.begin()->since;
  }
  return fleet_header(totals_, longest, congestion_, now);
}

void LiveBoard::add_servers(std::vector<BoardLine>& lines, Instant now, std::size_t columns,
                            std::size_t room) const {
  const auto layout = layout_for(columns, widest_title_);
  const auto shown = order_.size() <= room ? order_.size() : room - 1;
  auto next = order_.begin();
  std::size_t down = totals_.down();
  for (std::size_t i = 0; i < shown; ++i, ++next) {
    lines.push_back(server_line(*next->server, now, layout));
    down -= next->server->is_down() ? 1 : 0;
  }
  const auto hidden = order_.size() - shown;
  if (hidden > 0) {
    lines.push_back({down > 0 ? fmt::format("DOWN: {} of {}", down, counted(hidden, "more server"))
                              : fmt::format("and {} more", hidden),
                     down > 0});
  }
}

std::vector<BoardLine> LiveBoard::render(Instant now, BoardSize size) const {
  // The last column stays free: some terminals wrap a line that fills it.
  const auto columns = static_cast<std::size_t>(std::max(size.columns - 1, 1));
  const auto free = static_cast<std::size_t>(std::max(size.lines - 1, 1));
  auto lines = header(now);
  if (!lines.empty()) {
    if (free == 1 && totals_.down() > 0) {
      lines.erase(lines.begin());  // what is down comes before all else
    }
    lines.resize(header_lines(lines.size(), order_.size(), free));
  }
  if (lines.size() < free) {
    add_servers(lines, now, columns, free - lines.size());
  }
  for (auto& line : lines) {
    line.text = cut_to(line.text, columns);
  }
  return lines;
}

}  // namespace pitstop
