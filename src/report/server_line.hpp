#pragma once

#include "report/board_line.hpp"
#include "report/board_server.hpp"

namespace pitstop {

/// The columns that the lines of all servers have in common.
struct LineLayout {
  std::size_t columns;
  std::size_t title_width;
};

/// For titles of which the widest takes so many columns.
LineLayout layout_for(std::size_t columns, std::size_t widest_title);

/// "DOWN  1m 23s  web-1 (i-0abc…)  awaiting progress  -% 0% 100%".
BoardLine server_line(const BoardServer& server, Instant now, LineLayout layout);

}  // namespace pitstop
