#include "cli/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "cli/accounts.hpp"
#include "cli/option_values.hpp"
#include "cli/policy_line.hpp"

namespace pitstop {
namespace {

using PolicyKeys = std::vector<const TomlValue*>;

constexpr Duration most_often = std::chrono::minutes(1);

// When.

Result<Duration> read_duration(const TomlValue& value) {
  const auto* text = value.as<std::string>();
  if (text == nullptr) {
    return fail(value.expected(R"(a duration, such as "7d" or "12h")"));
  }
  const auto duration = parse_duration(*text);
  if (!duration) {
    return fail(value.wrong(duration.error()));
  }
  if (*duration < most_often) {
    return fail(value.wrong(fmt::format("{} is too often", *text), "it takes 1m and more"));
  }
  return *duration;
}

Result<std::vector<Window>> read_windows(const TomlValue& value) {
  const auto* list = value.as<TomlValue::List>();
  const std::vector<TomlValue> alone{value};
  std::vector<Window> windows;
  for (const auto& item : list == nullptr ? alone : *list) {
    const auto* text = item.as<std::string>();
    if (text == nullptr) {
      return fail(item.expected(R"(a window, such as "Sun 02:00-05:00", or a list of such)"));
    }
    auto window = parse_window(*text);
    if (!window) {
      return fail(item.wrong(window.error()));
    }
    windows.push_back(*window);
  }
  return windows;
}

Result<TimeZone> read_zone(const TomlValue& value) {
  const auto* text = value.as<std::string>();
  if (text == nullptr) {
    return fail(value.expected(R"(a time zone, such as "Europe/Berlin")"));
  }
  auto zone = TimeZone::named(*text);
  if (!zone) {
    return fail(value.wrong(zone.error()));
  }
  return zone;
}

constexpr auto every_key = "every";
constexpr auto window_key = "window";
constexpr auto zone_key = "time-zone";
constexpr auto retry_key = "retry-after";

bool is_about_when(const TomlValue& member) {
  return contains(std::vector<std::string>{every_key, window_key, zone_key, retry_key}, member.key);
}

Status read_when(const TomlValue& value, Schedule& schedule) {
  if (value.key == every_key) {
    TRY(schedule.every, read_duration(value));
  } else if (value.key == window_key) {
    TRY(schedule.windows, read_windows(value));
  } else if (value.key == zone_key) {
    TRY(schedule.zone, read_zone(value));
  } else {
    TRY(schedule.retry_after, read_duration(value));
  }
  return {};
}

// What is backed up, where and how.

GlobalOptions options_of(const PolicyReading& reading, const GlobalOptions& own) {
  auto options = reading.options;
  if (!own.regions.empty()) {
    options.regions = own.regions;
  }
  if (own.identity.profile) {
    options.identity.profile = own.identity.profile;
  }
  if (own.accounts || !own.assume_roles.empty()) {
    options.assume_roles = own.assume_roles;
    options.accounts =
        own.accounts ? std::optional((reading.directory / *own.accounts).string()) : std::nullopt;
  }
  return options;
}

bool says_what_is_kept(const PruneArguments& rules) {
  return has_keep_rules(rules) || rules.keep_failed != PruneArguments().keep_failed;
}

/// What keys mean, all of which have values of the right form, and arguments beside them.
Result<Policy> understand(const PolicyKeys& keys, const PolicyReading& reading,
                          std::vector<std::string> arguments = {}) {
  PolicyLine line;
  for (const auto* key : keys) {
    TRY(const auto some, line.arguments_for(*key));
    arguments.insert(arguments.end(), some.begin(), some.end());
  }
  TRY_STATUS(line.parse(std::move(arguments)));
  Policy policy;
  TRY(policy.request, parse_request(line.backup, reading.environment));
  policy.options = options_of(reading, line.options);
  TRY_STATUS(check_regions(policy.options.regions));
  TRY_STATUS(read_accounts(policy.options, reading.environment));
  policy.request.confirmed = true;
  policy.on_down = line.backup.on_down;
  if (says_what_is_kept(line.retention)) {
    TRY(policy.retention.originals, parse_keep_rules(line.retention));
  }
  TRY(policy.copies, parse_copy_destination(line.copies, copy_prefix));
  if (says_what_is_kept(line.copy_retention)) {
    TRY(policy.retention.copies, parse_keep_rules(line.copy_retention, copy_prefix));
  }
  if (policy.retention.copies && !policy.copies) {
    return fail(ErrorKind::usage, "it is said which copies are kept, and not where they go",
                "add copy-to-region, or copy-to-role");
  }
  return policy;
}

PolicyKeys without(const PolicyKeys& keys, const TomlValue* one) {
  auto rest = keys;
  std::erase(rest, one);
  return rest;
}

/// The key that a mistake is about: the one without which it is not there. Best is one without
/// which all is well; last is one without which no server is named any more. Of several the one
/// that was written last. Null if it is about none, but about what is missing.
const TomlValue* find_culprit(const PolicyKeys& keys, const Error& mistake,
                              const PolicyReading& reading,
                              const std::vector<std::string>& beside) {
  const auto of_nothing = understand({}, reading).error().message;
  const TomlValue* culprit = nullptr;
  int best = 0;
  for (const auto* key : keys) {
    const auto rest = understand(without(keys, key), reading, beside);
    const bool is_there_still = !rest && rest.error().message == mistake.message;
    const int how_good = rest ? 3 : is_there_still ? 0 : rest.error().message == of_nothing ? 1 : 2;
    if (how_good > 0 && how_good >= best) {
      culprit = key;
      best = how_good;
    }
  }
  return culprit;
}

PolicyKeys keys_of(const TomlValue& table, const std::vector<TomlValue>& for_all) {
  PolicyKeys keys;
  for (const auto& member : for_all) {
    if (table.find(member.key) == nullptr) {
      keys.push_back(&member);
    }
  }
  for (const auto& member : table.as<TomlValue::Table>()->members) {
    keys.push_back(&member);
  }
  return keys;
}

class PolicyReader {
 public:
  PolicyReader(const TomlValue& table, const PolicyReading& reading, std::vector<Error>& mistakes)
      : table_(table), reading_(reading), mistakes_(mistakes) {}

  std::optional<Policy> read(PolicyKeys keys) {
    check_name();
    auto schedule = read_schedule(keys);
    std::erase_if(keys, [](const TomlValue* key) { return is_about_when(*key); });
    drop_malformed(keys);
    auto policy = read_rest(std::move(keys));
    if (!policy || !found_.empty()) {
      tell();
      return std::nullopt;
    }
    policy->name = table_.key;
    policy->schedule = std::move(schedule);
    for (auto* rules : {&policy->retention.originals, &policy->retention.copies}) {
      if (*rules) {
        (*rules)->keep.zone = policy->schedule.zone;
      }
    }
    policy->request.options.policy = policy->name;
    return policy;
  }

 private:
  /// It becomes the value of a tag, and part of the name of a file.
  void check_name() {
    const auto fits = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    };
    constexpr std::size_t longest = 64;
    if (table_.key.empty() || table_.key.size() > longest ||
        !std::ranges::all_of(table_.key, fits)) {
      add(table_.wrong("this is no name for a policy", "up to 64 letters, digits, - and _"));
    }
  }

  Schedule read_schedule(const PolicyKeys& keys) {
    Schedule schedule;
    bool has_zone = false;
    bool has_every = false;
    const TomlValue* window = nullptr;
    for (const auto* key : keys) {
      if (is_about_when(*key)) {
        has_zone |= key->key == zone_key;
        has_every |= key->key == every_key;
        window = key->key == window_key ? key : window;
        add_if_wrong(read_when(*key, schedule));
      }
    }
    if (!has_every) {
      add(table_.wrong("every is missing", R"(how often, such as every = "7d")"));
    }
    if (window != nullptr && !has_zone) {
      add(window->wrong("a window needs a time-zone",
                        R"(such as time-zone = "Europe/Berlin", or "UTC")"));
    }
    return schedule;
  }

  void drop_malformed(PolicyKeys& keys) {
    const PolicyLine line;
    std::erase_if(keys, [&](const TomlValue* key) {
      const auto arguments = line.arguments_for(*key);
      if (!arguments) {
        add(arguments.error());
      }
      return !arguments;
    });
  }

  /// One mistake after the other, without the keys of those before. If one of those named the
  /// servers, it is all of them that are named.
  std::optional<Policy> read_rest(PolicyKeys keys) {
    std::vector<std::string> beside;
    while (true) {
      auto policy = understand(keys, reading_, beside);
      if (policy) {
        return *std::move(policy);
      }
      const auto& error = policy.error();
      if (const auto* culprit = find_culprit(keys, error, reading_, beside)) {
        add(culprit->wrong(error));
        keys = without(keys, culprit);
      } else if (!found_.empty() && beside.empty()) {
        beside = {"--all"};
      } else {
        add(table_.wrong(error));
        return std::nullopt;
      }
    }
  }

  void add(Error error) { found_.push_back(std::move(error)); }

  void add_if_wrong(const Status& status) {
    if (!status) {
      add(status.error());
    }
  }

  /// What is wrong for all policies is wrong once.
  void tell() {
    for (auto& error : found_) {
      if (!contains(mistakes_, error.message, &Error::message)) {
        mistakes_.push_back(std::move(error));
      }
    }
  }

  const TomlValue& table_;
  const PolicyReading& reading_;
  std::vector<Error>& mistakes_;
  std::vector<Error> found_;
};

}  // namespace

std::optional<Policy> read_policy(const TomlValue& table, const std::vector<TomlValue>& for_all,
                                  const PolicyReading& reading, std::vector<Error>& mistakes) {
  PolicyReader reader(table, reading, mistakes);
  return reader.read(keys_of(table, for_all));
}

}  // namespace pitstop
