#pragma once

#include <ostream>
#include <string>

#include "base/interruption.hpp"
#include "base/task.hpp"

namespace pitstop {

/// Whether there is a person who can be asked: at a terminal for input and for diagnostics.
bool somebody_can_be_asked();

/// Shows the question at the terminal, and whether the answer is yes. Everything else is no, and so
/// are the end of the input and an interruption.
Task<bool> ask_at_terminal(std::string question, std::ostream& terminal,
                           Interruption& interruption);

}  // namespace pitstop
