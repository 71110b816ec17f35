#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace pitstop {

/// What CLI11 threw when `app` read the command line, in the words of the house: the thing in
/// question, what is wrong with it, and what may have been meant.
Error usage_error(const CLI::ParseError& thrown, const CLI::App& app);

/// Makes every option of `app` and its commands refuse an empty value and one that looks like
/// another option: CLI11 would take "--region --dry-run" for a region, and the dry run for none. A
/// flag takes no value at all: "--dry-run=no" is a mistake.
void require_real_values(CLI::App& app);

/// The error that "--region=" is, if it is among the arguments: CLI11 would take the next argument
/// for the value.
std::optional<Error> find_empty_value(const std::vector<std::string>& arguments);

}  // namespace pitstop
