#include "cli/policy_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/contains.hpp"
#include "base/nearest.hpp"
#include "cli/backup_command.hpp"
#include "cli/option_values.hpp"
#include "cli/usage_error.hpp"

namespace pitstop {
namespace {

/// What somebody says at the keyboard, and a policy cannot.
const std::vector<std::string> not_for_policies{"help", "dry-run", "yes"};

/// Of the options of every command, those that say where the servers are.
const std::vector<std::string> whereabouts{"region", "profile", "assume-role", "accounts"};

std::string name_of(const CLI::Option& option) {
  return option.get_lnames().empty() ? option.get_name() : option.get_lnames().front();
}

bool is_flag(const CLI::Option& option) {
  return option.get_items_expected_max() == 0;
}

bool takes_many(const CLI::Option& option) {
  return option.get_positional() ||
         option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

std::string argument(const CLI::Option& option, const std::string& value) {
  return option.get_positional() ? value : fmt::format("--{}={}", name_of(option), value);
}

/// "10%" or 10.
Result<std::string> read_word(const TomlValue& value, const std::string& what) {
  if (const auto* number = value.as<std::int64_t>()) {
    return fmt::to_string(*number);
  }
  const auto* text = value.as<std::string>();
  if (text == nullptr || text->empty()) {
    return fail(value.expected(what));
  }
  return *text;
}

Result<std::vector<std::string>> read_flag(const TomlValue& value) {
  const auto* is_set = value.as<bool>();
  if (is_set == nullptr) {
    return fail(value.expected("true or false"));
  }
  return *is_set ? std::vector{"--" + value.key} : std::vector<std::string>();
}

}  // namespace

PolicyLine::PolicyLine() : app_(std::make_unique<CLI::App>()) {
  app_->fallthrough();  // before the command is declared, which inherits it
  declare_global_options(*app_, options);
  command_ = declare_backup(*app_, backup);
  declare_keep_rules(*command_, retention);
  declare_copy_destination(*command_, copies, copy_prefix, keep_rules_group);
  declare_keep_rules(*command_, copy_retention, copy_prefix);
  take_one_value_each(*app_);
}

PolicyLine::~PolicyLine() = default;

std::vector<std::string> PolicyLine::keys() const {
  std::vector<std::string> keys;
  for (const auto* option : command_->get_options()) {
    if (!contains(not_for_policies, name_of(*option))) {
      keys.push_back(name_of(*option));
    }
  }
  keys.insert(keys.end(), whereabouts.begin(), whereabouts.end());
  return keys;
}

const CLI::Option* PolicyLine::find(const std::string& key) const {
  if (!contains(keys(), key)) {
    return nullptr;
  }
  const auto* of_backup = command_->get_option_no_throw(key == "instances" ? key : "--" + key);
  return of_backup != nullptr ? of_backup : app_->get_option_no_throw("--" + key);
}

Result<std::vector<std::string>> PolicyLine::arguments_for(const TomlValue& member) const {
  const auto* option = find(member.key);
  if (option == nullptr) {
    return fail(member.wrong("unknown key", did_you_mean(member.key, keys())));
  }
  if (is_flag(*option)) {
    return read_flag(member);
  }
  const auto what = fmt::format("{}{}", option->get_type_name(),
                                takes_many(*option) ? ", or a list of such" : "");
  const auto* list = takes_many(*option) ? member.as<TomlValue::List>() : nullptr;
  std::vector<std::string> arguments;
  if (list == nullptr) {
    TRY(const auto word, read_word(member, what));
    arguments.push_back(argument(*option, word));
    return arguments;
  }
  for (const auto& item : *list) {
    TRY(const auto word, read_word(item, option->get_type_name()));
    arguments.push_back(argument(*option, word));
  }
  return arguments;
}

Status PolicyLine::parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), command_->get_name());
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    app_->parse(std::move(arguments));
  } catch (const CLI::ParseError& mistake) {
    return fail(usage_error(mistake, *app_));
  }
  return {};
}

}  // namespace pitstop
