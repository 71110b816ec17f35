#include "cli/option_values.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "aws/region.hpp"
#include "aws/role_arn.hpp"
#include "base/contains.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr auto no_value = "needs a value";

/// The types whose values are instances, or may be anything.
constexpr std::array takes_instances{"INSTANCE", "FILE", "DIRECTORY", "COMMAND"};

/// What is wrong with a value of an option of that type; empty if nothing is.
std::string mistake_in(const std::string& value, const std::string& type) {
  if (value.empty() || value.starts_with("--")) {
    return no_value;
  }
  if (parse_instance_id(value) && !contains(takes_instances, std::string_view(type))) {
    return fmt::format("takes {}, and {} is an instance", type, value);
  }
  return "";
}

void take_one_value_each(CLI::Option& option) {
  if (option.get_items_expected_max() == 0) {
    option.disable_flag_override();
  } else if (option.nonpositional() && option.get_type_size() > 0) {
    option.allow_extra_args(false);
    option.check([type = option.get_type_name()](const std::string& value) {
      return mistake_in(value, type);
    });
  }
}

std::string digits_of(double value) {
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
}

}  // namespace

void take_one_value_each(CLI::App& app) {
  for (auto* option : app.get_options()) {
    take_one_value_each(*option);
  }
  for (auto* command : app.get_subcommands({})) {
    take_one_value_each(*command);
  }
}

std::optional<Error> find_empty_value(const std::vector<std::string>& arguments) {
  const auto found = std::ranges::find_if(arguments, [](const std::string& argument) {
    return argument.starts_with("--") && argument.find('=') == argument.size() - 1;
  });
  if (found == arguments.end()) {
    return std::nullopt;
  }
  return Error{ErrorKind::usage,
               fmt::format("{} {}", printable(found->substr(0, found->size() - 1)), no_value),
               "leave the option out if it has none", ""};
}

void take_number(CLI::Option& option, double least, double most) {
  option.check([least, most](const std::string& text) {
    double value = 0;
    if (CLI::detail::lexical_cast(text, value) && value >= least && value <= most) {
      return std::string();
    }
    const auto bounds = most < std::numeric_limits<double>::infinity()
                            ? fmt::format("{} to {}", digits_of(least), digits_of(most))
                            : fmt::format("{} up", digits_of(least));
    return fmt::format("{} is not a number from {}", in_quotes(text), bounds);
  });
}

Status check_regions(const std::vector<std::string>& regions) {
  for (const auto& region : regions) {
    if (!may_be_a_region(region)) {
      return fail(ErrorKind::usage, fmt::format("--region is {}, not a region", in_quotes(region)),
                  what_a_region_looks_like);
    }
  }
  return {};
}

Status check_roles(const std::vector<std::string>& roles) {
  for (const auto& role : roles) {
    if (!is_role_arn(role)) {
      return fail(ErrorKind::usage,
                  fmt::format("--assume-role {} is not the ARN of a role", in_quotes(role)),
                  "such as arn:aws:iam::123456789012:role/pitstop");
    }
  }
  return {};
}

Result<BackupId> parse_backup_id(const std::string& text) {
  constexpr auto where_they_are = "it looks like b-0123456789ab: pitstop list has them";
  if (text.empty()) {
    return fail(ErrorKind::usage, "no backup is named", where_they_are);
  }
  if (!text.starts_with("b-")) {
    return fail(ErrorKind::usage, fmt::format("{} is not a backup", in_quotes(text)),
                where_they_are);
  }
  return BackupId(text);
}

}  // namespace pitstop
