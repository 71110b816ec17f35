#pragma once

#include <string>

namespace pitstop {

/// The size of the terminal that something is drawn for.
struct BoardSize {
  int columns = 80;
  int lines = 24;
};

/// One line of the board. The first word of a line about something that is down is "DOWN".
struct BoardLine {
  std::string text;
  bool is_down = false;
};

}  // namespace pitstop
