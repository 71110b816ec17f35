#pragma once

#include <string>

#include "base/error.hpp"

namespace SQLite {
class Exception;
}

namespace pitstop {

/// What SQLite says of the journal `file`, in the words of the house. `transient` when another
/// process has it locked, `refused` for what a person has to see to.
Error journal_error(const std::string& file, const SQLite::Exception& thrown);

}  // namespace pitstop
