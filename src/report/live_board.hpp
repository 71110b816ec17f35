#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ec2/congestion.hpp"
#include "report/board_line.hpp"
#include "report/board_server.hpp"
#include "report/fleet_totals.hpp"

namespace pitstop {

/// What the servers of a run are at, drawn as one line a server; above those of a fleet stands what
/// they amount to. Knows nothing of terminals: render() gives lines.
///
/// Totals and order are kept as events come in, so that a drawing costs no more for ten thousand
/// servers than for as many as it shows.
class LiveBoard {
 public:
  LiveBoard() = default;
  // The order points to the servers, which move along, but are others in a copy.
  LiveBoard(const LiveBoard&) = delete;
  LiveBoard& operator=(const LiveBoard&) = delete;
  LiveBoard(LiveBoard&&) = default;
  LiveBoard& operator=(LiveBoard&&) = default;

  void add(const InstanceId& instance, std::string title);
  void saw(const Event& event, Instant now);
  void saw_progress(const InstanceId& instance, const std::vector<SnapshotOutcome>& snapshots);

  /// What EC2 slows down now. It is shown for a moment longer than it lasts.
  void saw_congestion(std::vector<ec2::Congestion> congestion, Instant now);

  /// At most `size.lines` - 1 lines, all narrower than `size.columns`: first the servers that are
  /// down, the longest first, then those under way, those that wait, those that have failed or were
  /// refused, and those that are done. When there are more servers than lines, a last line counts
  /// the rest.
  std::vector<BoardLine> render(Instant now, BoardSize size) const;

 private:
  /// Where a server stands among the others.
  struct Place {
    BoardRank rank;
    Instant since;
    std::string_view title;
    const BoardServer* server;

    auto operator<=>(const Place&) const = default;
  };

  static Place place_of(const BoardServer& server);
  void take_out(const BoardServer& server);
  void put_in(const BoardServer& server);
  std::vector<BoardLine> header(Instant now) const;
  void add_servers(std::vector<BoardLine>& lines, Instant now, std::size_t columns,
                   std::size_t room) const;

  std::map<InstanceId, BoardServer> servers_;
  std::set<Place> order_;
  FleetTotals totals_;
  std::size_t widest_title_ = 0;
  std::vector<ec2::Congestion> congestion_;
  Instant congested_{};
};

}  // namespace pitstop
