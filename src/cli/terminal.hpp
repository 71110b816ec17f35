#pragma once

#include "base/environment.hpp"
#include "report/board_line.hpp"

namespace pitstop {

/// Whether standard output is a terminal that understands cursor movements, and standard error goes
/// there too: a board that is drawn in place needs it for itself, and errors among it.
bool output_is_terminal(const Environment& environment);

/// The size of the terminal now; 80 × 24 if it does not say.
BoardSize terminal_size();

}  // namespace pitstop
