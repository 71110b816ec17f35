#include "cli/usage_error.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/contains.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr auto needs_a_value = "needs a value";

/// The command that was named, or the app itself.
const CLI::App& innermost(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : innermost(*named.front());
}

/// "pitstop guard template"
std::string name_of(const CLI::App& command) {
  const auto* above = command.get_parent();
  return above == nullptr ? "pitstop" : fmt::format("{} {}", name_of(*above), command.get_name());
}

std::string where_to_look(const CLI::App& app) {
  return fmt::format("see {} --help", name_of(innermost(app)));
}

std::string guess(std::string_view typed, const std::vector<std::string>& known,
                  const CLI::App& app) {
  const auto meant = nearest(typed, known);
  return (meant ? fmt::format("did you mean {}? ", *meant) : "") + where_to_look(app);
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* level = &innermost(app); level != nullptr; level = level->get_parent()) {
    for (const auto* option : level->get_options()) {
      for (const auto& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
  }
  return names;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

Error unknown(const std::string& argument, const CLI::App& app) {
  if (argument.starts_with('-')) {
    const auto name = argument.substr(0, argument.find('='));
    return {ErrorKind::usage, fmt::format("unknown option {}", in_quotes(name)),
            guess(name, options_of(app), app), ""};
  }
  return {ErrorKind::usage, fmt::format("unknown command {}", in_quotes(argument)),
          guess(argument, commands_of(innermost(app)), app), ""};
}

/// CLI11 has the option's name in front of its text, and says no more about it.
std::string mismatch(const std::string& text) {
  const auto option = text.substr(0, text.find_first_of(": "));
  if (text.find("flag override") != std::string::npos) {
    return fmt::format("{} takes no value", option.starts_with('-') ? option : "--" + option);
  }
  if (text.find("missing") != std::string::npos) {
    return fmt::format("{} {}", option, needs_a_value);
  }
  if (text.find("At Most") != std::string::npos) {
    return fmt::format("{} is given more than once", option);
  }
  return printable(text);
}

/// "--latest: WHAT" of a validator becomes a sentence.
std::string bad_value(const std::string& text) {
  const auto end = text.find(": ");
  return end == std::string::npos ? printable(text)
                                  : text.substr(0, end) + ' ' + printable(text.substr(end + 2));
}

/// CLI11 converts nothing but numbers, and says "Could not convert: --seed = x".
std::string not_a_number(const std::string& text) {
  const auto begin = text.find("--");
  const auto end = text.find(" = ");
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return printable(text);
  }
  return fmt::format("{} {} is not a whole number", text.substr(begin, end - begin),
                     in_quotes(text.substr(end + 3)));
}

}  // namespace

Error usage_error(const CLI::ParseError& thrown, const CLI::App& app) {
  const auto not_understood = app.remaining(true);
  const bool is_mismatch = dynamic_cast<const CLI::ArgumentMismatch*>(&thrown) != nullptr;
  const bool is_no_number = dynamic_cast<const CLI::ConversionError*>(&thrown) != nullptr;
  const bool is_bad_value = dynamic_cast<const CLI::ValidationError*>(&thrown) != nullptr;
  if (is_mismatch) {
    return {ErrorKind::usage, mismatch(thrown.what()), where_to_look(app), ""};
  }
  if (is_bad_value) {
    return {ErrorKind::usage, bad_value(thrown.what()), where_to_look(app), ""};
  }
  if (is_no_number) {
    return {ErrorKind::usage, not_a_number(thrown.what()), where_to_look(app), ""};
  }
  if (!not_understood.empty()) {
    return unknown(not_understood.front(), app);
  }
  if (app.get_subcommands().empty()) {
    return {ErrorKind::usage, "no command is given",
            "begin with pitstop check INSTANCE, or see pitstop --help", ""};
  }
  if (dynamic_cast<const CLI::RequiredError*>(&thrown) != nullptr &&
      !commands_of(innermost(app)).empty()) {
    return {ErrorKind::usage, fmt::format("no command of {} is given", name_of(innermost(app))),
            fmt::format("commands: {}", join(commands_of(innermost(app)), ", ")), ""};
  }
  const std::string_view text = thrown.what();
  return {ErrorKind::usage, lower_case(text.substr(0, 1)) + printable(text.substr(1)),
          where_to_look(app), ""};
}

}  // namespace pitstop
