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

/// What the servers of a run are at, drawn as one line a server. Knows nothing of terminals:
/// render() gives lines.
class LiveBoard {
 public:
  void add(const InstanceId& instance, std::string title);
  void saw(const Event& event, Instant now);
  void saw_progress(const InstanceId& instance, const std::vector<SnapshotOutcome>& snapshots);

  /// At most `size.lines` - 1 lines, none wider than `size.columns`: first the servers that are
  /// down, then by title. When there are more servers than lines, a last line counts the rest.
  std::vector<std::string> render(Instant now, BoardSize size) const;

 private:
  struct Server {
    std::string title;
    std::optional<Step> step;
    std::optional<Instant> down_since;
    std::optional<Duration> was_down;
    std::vector<SnapshotOutcome> snapshots;
  };

  static std::string line(const Server& server, Instant now, std::size_t title_width);
  static int urgency(const Server& server);

  std::map<InstanceId, Server> servers_;
};

/// How many columns a terminal uses for UTF-8 text, taking one for each code point.
std::size_t columns_of(std::string_view text);

/// Cut to so many columns, with "…" where something was cut.
std::string cut_to(std::string_view text, std::size_t columns);

}  // namespace pitstop
