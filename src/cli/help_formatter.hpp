#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace pitstop {

/// Writes a page of help: usage, what it is about, options by group (those of every command last),
/// examples. A command's description is a line about it, an empty line, and the rest; the list of
/// the commands shows the first.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(28); }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;

 private:
  std::string options_of(const CLI::App& app) const;
  std::string commands_of(const CLI::App& app) const;
};

}  // namespace pitstop
