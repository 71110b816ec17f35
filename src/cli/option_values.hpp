#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// What an option takes, whatever command it belongs to.
namespace pitstop {

/// Makes every option of `app` and of its commands, however deep, take exactly one value each time
/// that it is named: CLI11 would take the arguments after it, too, and an id for a second region.
/// An empty value, one that looks like another option ("--region --dry-run"), and an instance where
/// no instance belongs are mistakes. A flag takes no value at all: "--dry-run=no" is a mistake.
void take_one_value_each(CLI::App& app);

/// The error that "--region=" is, if it is among the arguments: CLI11 would take the next argument
/// for the value.
std::optional<Error> find_empty_value(const std::vector<std::string>& arguments);

/// Makes an option take numbers from `least` to `most` only.
void take_number(CLI::Option& option, double least, double most);

/// Regions and roles that cannot be any: errors of kind `usage`.
Status check_regions(const std::vector<std::string>& regions);
Status check_roles(const std::vector<std::string>& roles);

/// Reads "b-…"; an error of kind `usage` if it is none.
Result<BackupId> parse_backup_id(const std::string& text);

}  // namespace pitstop
