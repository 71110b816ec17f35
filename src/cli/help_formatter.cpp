#include "cli/help_formatter.hpp"

#include <fmt/format.h>

namespace pitstop {

std::string HelpFormatter::make_help(const CLI::App* app, std::string name,
                                     CLI::AppFormatMode) const {
  auto page = make_usage(app, std::move(name)) + '\n' + app->get_description() + '\n';
  page += commands_of(*app) + options_of(*app);
  for (const auto* above = app->get_parent(); above != nullptr; above = above->get_parent()) {
    page += options_of(*above);
  }
  return page + '\n' + app->get_footer();
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "Usage: " + std::move(name);
  for (const auto* option : app->get_options()) {
    if (option->get_positional()) {
      const bool many = option->get_expected_max() >= CLI::detail::expected_max_vector_size;
      const auto values = option->get_type_name() + (many ? "…" : "");
      // CLI11 gives none to a positional of which it expects no value or one.
      const bool may_be_missing =
          option->get_expected_min() == 0 || (!many && !option->get_required());
      usage += may_be_missing ? fmt::format(" [{}]", values) : ' ' + values;
    }
  }
  if (!app->get_subcommands({}).empty()) {
    usage += " COMMAND …";
  }
  return usage + " [options]\n";
}

std::string HelpFormatter::commands_of(const CLI::App& app) const {
  std::string text;
  for (const auto* command : app.get_subcommands({})) {
    text += make_subcommand(command);
  }
  return text.empty() ? "" : "\nCommands:\n" + text;
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  const auto description = command->get_description();
  std::ostringstream text;
  CLI::detail::format_help(text, command->get_name(), description.substr(0, description.find('\n')),
                           get_column_width());
  return text.str();
}

std::string HelpFormatter::options_of(const CLI::App& app) const {
  std::string text;
  for (const auto& group : app.get_groups()) {
    // The parent lists its own --help among the options of every command.
    const auto options = app.get_options([&](const CLI::Option* option) {
      const bool again = app.get_parent() != nullptr && option == app.get_help_ptr();
      return option->get_group() == group && !again;
    });
    if (!options.empty()) {
      text += make_group(group, false, options);
    }
  }
  return text;
}

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool) const {
  if (option->get_positional()) {
    return option->get_type_name();
  }
  return option->get_snames().empty()
             ? option->get_name(false, true)
             : fmt::format("-{}, --{}", option->get_snames().front(), option->get_lnames().front());
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const bool takes_value = option->get_type_size() != 0 && !option->get_positional();
  return takes_value ? ' ' + option->get_type_name() : "";
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  const auto& usual = option->get_default_str();
  return option->get_description() + (usual.empty() ? "" : fmt::format(" (default: {})", usual));
}

}  // namespace pitstop
