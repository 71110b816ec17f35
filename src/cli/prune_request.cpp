#include "cli/prune_request.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

namespace pitstop {
namespace {

struct CountOption {
  const char* name;
  int PruneArguments::* typed;
  int KeepRules::* rule;
  const char* help;
};

constexpr std::array count_options = {
    CountOption{"--keep-last", &PruneArguments::keep_last, &KeepRules::last, "The newest so many"},
    CountOption{"--keep-hourly", &PruneArguments::keep_hourly, &KeepRules::hourly,
                "The newest of each hour that has any, of so many hours"},
    CountOption{"--keep-daily", &PruneArguments::keep_daily, &KeepRules::daily, "The same of days"},
    CountOption{"--keep-weekly", &PruneArguments::keep_weekly, &KeepRules::weekly,
                "Of weeks, Monday to Sunday"},
    CountOption{"--keep-monthly", &PruneArguments::keep_monthly, &KeepRules::monthly, "Of months"},
    CountOption{"--keep-yearly", &PruneArguments::keep_yearly, &KeepRules::yearly,
                "Of years. While there are fewer hours, days, … than that, the oldest\n"
                "backup is kept, too"},
};

/// A backup is made by several calls, and another machine may be at it.
constexpr Duration least_keep_failed = std::chrono::hours(1);

/// "--keep-last", or as it is called where there is another prefix.
std::string with_prefix(std::string_view prefix, std::string_view option) {
  return fmt::format("{}{}", prefix, option.substr(2));
}

Result<Duration> read_duration(const std::string& option, const std::string& text) {
  auto duration = parse_duration(text);
  if (!duration) {
    return fail(within(option, std::move(duration).error()));
  }
  return duration;
}

Result<KeepRules> read_keep_rules(const PruneArguments& arguments, std::string_view prefix) {
  KeepRules rules;
  for (const auto& option : count_options) {
    const int count = arguments.*option.typed;
    if (count < 0) {
      return fail(
          ErrorKind::usage,
          fmt::format("{} {} is no number of backups", with_prefix(prefix, option.name), count),
          "leave the option out for none");
    }
    rules.*option.rule = count;
  }
  if (arguments.keep_within) {
    TRY(rules.within, read_duration(with_prefix(prefix, "--keep-within"), *arguments.keep_within));
  }
  for (const auto& text : arguments.keep_tags) {
    TRY(auto tag, parse_tag(with_prefix(prefix, "--keep-tag"), text));
    rules.tags.push_back(std::move(tag));
  }
  if (rules.empty()) {
    return fail(ErrorKind::usage, "it is not said which backups are kept",
                "for example --keep-daily 7 --keep-weekly 5; --keep-last 1 keeps only the newest");
  }
  auto zone = TimeZone::named(arguments.time_zone);
  if (!zone) {
    return fail(within("--time-zone", std::move(zone).error()));
  }
  rules.zone = *std::move(zone);
  return rules;
}

}  // namespace

void declare_keep_rules(CLI::App& command, PruneArguments& arguments, std::string_view prefix) {
  const auto* group = keep_rules_group;
  for (const auto& option : count_options) {
    command.add_option(with_prefix(prefix, option.name), arguments.*option.typed, option.help)
        ->type_name("N")
        ->group(group);
  }
  command
      .add_option(with_prefix(prefix, "--keep-within"), arguments.keep_within,
                  "All that were no older than that when the newest good one was taken:\n"
                  "where backups have ceased, none is removed for its age")
      ->type_name("DURATION")
      ->group(group);
  command
      .add_option(with_prefix(prefix, "--keep-tag"), arguments.keep_tags,
                  "All with this tag on a snapshot; may be repeated: then any of the tags")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->group(group);
  command
      .add_option(with_prefix(prefix, "--keep-failed"), arguments.keep_failed,
                  "What has failed or is incomplete, and what lost runs and restores have\n"
                  "left, until it is so old (default: 7d)")
      ->type_name("DURATION")
      ->group(group);
}

bool has_keep_rules(const PruneArguments& arguments) {
  const auto is_given = [&](const CountOption& option) { return arguments.*option.typed != 0; };
  return std::ranges::any_of(count_options, is_given) || arguments.keep_within ||
         !arguments.keep_tags.empty();
}

Result<PruneRules> parse_keep_rules(const PruneArguments& arguments, std::string_view prefix) {
  PruneRules rules;
  const auto keep_failed = with_prefix(prefix, "--keep-failed");
  TRY(rules.keep, read_keep_rules(arguments, prefix));
  TRY(rules.keep_failed, read_duration(keep_failed, arguments.keep_failed));
  if (rules.keep_failed < least_keep_failed) {
    return fail(ErrorKind::usage,
                fmt::format("{} {} is too short", keep_failed, arguments.keep_failed),
                "another machine may be making a backup at this moment: an hour is the least");
  }
  return rules;
}

Result<PruneRequest> parse_prune_request(const PruneArguments& arguments,
                                         const RetentionRules& of_policy) {
  PruneRequest request;
  TRY(request.selection, parse_selection_if_any(arguments));
  request.policy = arguments.policy;
  if (!of_policy.empty() && !has_keep_rules(arguments)) {
    request.rules = of_policy;
  } else {
    TRY(request.rules.originals, parse_keep_rules(arguments));
    request.rules.copies = request.rules.originals;
  }
  for (auto* rules : {&request.rules.originals, &request.rules.copies}) {
    if (*rules && arguments.safety_backups) {
      (*rules)->count_safety_backups = true;
    }
  }
  request.deletes = arguments.deletes;
  request.confirmed = arguments.yes;
  return request;
}

}  // namespace pitstop
