#pragma once

#include "base/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace pitstop {

/// What CLI11 threw when `app` read the command line, in the words of the house: the thing in
/// question, what is wrong with it, and what may have been meant.
Error usage_error(const CLI::ParseError& thrown, const CLI::App& app);

}  // namespace pitstop
