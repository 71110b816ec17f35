#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace pitstop {

bool output_is_terminal(const Environment& environment) {
  return ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1 &&
         environment.get("TERM").value_or("dumb") != "dumb";
}

BoardSize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {size.ws_col, size.ws_row};
}

}  // namespace pitstop
