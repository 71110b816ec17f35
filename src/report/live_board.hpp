#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backup/observer.hpp"

namespace pitstop {

/// The size of the terminal that the board is drawn for.
struct BoardSize {
  int columns = 80;
  int lines = 24;
};

/// One line of the board. The first word of a line about something that is down is "DOWN".
struct BoardLine {
  std::string text;
  bool is_down = false;
};

/// What the servers of a run are at, drawn as one line a server. Knows nothing of terminals:
/// render() gives lines.
class LiveBoard {
 public:
  void add(const InstanceId& instance, std::string title);
  void saw(const Event& event, Instant now);
  void saw_progress(const InstanceId& instance, const std::vector<SnapshotOutcome>& snapshots);

  /// At most `size.lines` - 1 lines, all narrower than `size.columns`: first the servers that are
  /// down, then those under way, those that wait, and those that are done. When there are more
  /// servers than lines, a last line counts the rest.
  std::vector<BoardLine> render(Instant now, BoardSize size) const;

 private:
  struct Server {
    std::string title;
    std::optional<Step> step;
    std::string outcome;
    std::optional<Instant> down_since;
    /// A start was asked for and has not succeeded yet.
    bool is_starting = false;
    std::optional<Duration> was_down;
    std::vector<SnapshotOutcome> snapshots;
  };
  struct Layout {
    std::size_t columns;
    std::size_t title_width;
  };

  static std::string downtime(const Server& server, Instant now);
  static std::string_view phase(const Server& server);
  static int urgency(const Server& server);
  static BoardLine line(const Server& server, Instant now, Layout layout);
  std::vector<const Server*> most_urgent_first() const;

  std::map<InstanceId, Server> servers_;
};

}  // namespace pitstop
