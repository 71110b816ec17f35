#pragma once

#include "cli/backup_request.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The headings of the options in the help.
constexpr auto outage_group = "The outage";
constexpr auto safety_group = "That it comes back";
constexpr auto risks_group = "What is found beforehand";
constexpr auto backup_group = "The backup";

/// Declares which servers, and all that decides what their backup does and may do: the options of
/// `backup`, each of which `check` takes, too.
void declare_backup_options(CLI::App& command, BackupArguments& arguments);

}  // namespace pitstop
