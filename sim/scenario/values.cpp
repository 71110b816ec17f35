#include "sim/scenario/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/contains.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "sim/api/action.hpp"
#include "sim/request.hpp"

namespace pitstop::sim::scenario_file {
namespace {

constexpr auto a_duration = R"(a duration, such as "90s" or "1h30m")";
constexpr auto a_spread =
    R"(a duration, such as "20s", or { least = "5s", usual = "20s", most = "2m" })";

/// Reads the value as a T, or says that `what` was expected.
template <class T>
Result<T> typed(const TomlValue& value, std::string_view what) {
  const auto* found = value.as<T>();
  if (found == nullptr) {
    return fail(value.expected(what));
  }
  return *found;
}

Result<Duration> read_duration(const TomlValue& value, std::string_view what) {
  TRY(const auto text, typed<std::string>(value, what));
  const auto length = parse_duration(text);
  if (!length) {
    return fail(value.expected(what, length.error().hint));
  }
  return *length;
}

Result<Spread> read_spread_table(const TomlValue& table) {
  Spread spread;
  struct Bound {
    std::string name;
    Duration& length;
  };
  const std::vector<Bound> bounds{
      {"least", spread.least}, {"usual", spread.usual}, {"most", spread.most}};
  for (const auto& member : table.as<TomlValue::Table>()->members) {
    if (!contains(bounds, member.key, &Bound::name)) {
      return fail(
          member.wrong("unknown key", did_you_mean(member.key, {"least", "usual", "most"})));
    }
  }
  for (const auto& [name, length] : bounds) {
    const auto* member = table.find(name);
    if (member == nullptr) {
      return fail(table.wrong(fmt::format("{} is missing", name)));
    }
    TRY(length, read_duration(*member, a_duration));
  }
  if (spread.least > spread.usual || spread.usual > spread.most) {
    return fail(table.wrong("least, usual and most must not decrease"));
  }
  return spread;
}

bool all_of(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view digits = "0123456789";

Status check_tag(const TomlValue& tag) {
  constexpr std::size_t longest_key = 127;  // AWS: "up to 127 Unicode characters in UTF-8"
  constexpr std::size_t longest_value = 255;
  const auto* text = tag.as<std::string>();
  if (text == nullptr) {
    return fail(tag.expected("a text"));
  }
  if (tag.key.empty() || tag.key.size() > longest_key || text->size() > longest_value) {
    return fail(tag.wrong(fmt::format("a tag's key has 1 to {} bytes, its value 0 to {}",
                                      longest_key, longest_value)));
  }
  if (lower_case(tag.key).starts_with("aws:")) {
    return fail(tag.wrong("keys that begin with \"aws:\" are AWS's own"));
  }
  return {};
}

Result<Tags> read_tags(const TomlValue& value) {
  constexpr std::size_t most = 50;
  TRY(const auto table, typed<TomlValue::Table>(value, R"(a table, such as { team = "web" })"));
  Tags tags;
  for (const auto& tag : table.members) {
    TRY_STATUS(check_tag(tag));
    tags[tag.key] = *tag.as<std::string>();
  }
  if (tags.size() > most) {
    return fail(value.wrong(fmt::format("{} tags are too many, EC2 allows {}", tags.size(), most)));
  }
  return tags;
}

}  // namespace

ReadValue<bool> yes_or_no() {
  return [](const TomlValue& value) { return typed<bool>(value, "true or false"); };
}

ReadValue<std::int64_t> whole(std::string_view of_what, std::int64_t least, std::int64_t most) {
  const auto what = fmt::format("a whole number{}{}, {} to {}", of_what.empty() ? "" : " of ",
                                of_what, least, most);
  return [=](const TomlValue& value) -> Result<std::int64_t> {
    TRY(const auto read, typed<std::int64_t>(value, what));
    if (read < least || read > most) {
      return fail(value.expected(what));
    }
    return read;
  };
}

ReadValue<double> number(std::string_view of_what, double least, double most) {
  const auto what =
      fmt::format("a number{}{}, {} to {}", of_what.empty() ? "" : " of ", of_what, least, most);
  return [=](const TomlValue& value) -> Result<double> {
    const auto* whole_one = value.as<std::int64_t>();
    const auto* any_one = value.as<double>();
    const double read = whole_one != nullptr ? static_cast<double>(*whole_one)
                        : any_one != nullptr ? *any_one
                                             : std::nan("");
    if (!(read >= least && read <= most)) {  // a "nan" does not pass either
      return fail(value.expected(what));
    }
    return read;
  };
}

ReadValue<double> part() {
  return number("", 0, 1);
}

ReadValue<Duration> duration() {
  return [](const TomlValue& value) { return read_duration(value, a_duration); };
}

ReadValue<Spread> spread() {
  return [](const TomlValue& value) -> Result<Spread> {
    if (value.as<TomlValue::Table>() != nullptr) {
      return read_spread_table(value);
    }
    TRY(const auto length, read_duration(value, a_spread));
    return always(length);
  };
}

ReadValue<std::string> text(std::string_view what, bool (*fits)(std::string_view)) {
  return [what = std::string(what), fits](const TomlValue& value) -> Result<std::string> {
    TRY(auto read, typed<std::string>(value, what));
    if (!fits(read)) {
      return fail(value.expected(what));
    }
    return read;
  };
}

ReadValue<std::string> one_of(std::vector<std::string> choices) {
  return [choices = std::move(choices)](const TomlValue& value) -> Result<std::string> {
    TRY(auto read, typed<std::string>(value, "one of " + join(choices, ", ")));
    if (!contains(choices, read)) {
      return fail(value.expected("one of " + join(choices, ", ")));
    }
    return read;
  };
}

ReadValue<std::vector<std::string>> texts(ReadValue<std::string> each) {
  return [each = std::move(each)](const TomlValue& value) -> Result<std::vector<std::string>> {
    TRY(const auto list, typed<TomlValue::List>(value, "a list of texts"));
    std::vector<std::string> read;
    for (const auto& item : list) {
      TRY(auto one, each(item));
      read.push_back(std::move(one));
    }
    return read;
  };
}

ReadValue<Tags> tags() {
  return read_tags;
}

ReadValue<InstanceId> instance_id() {
  return [](const TomlValue& value) -> Result<InstanceId> {
    constexpr auto what = R"(an instance id, such as "i-0123456789abcdef0")";
    TRY(const auto read, typed<std::string>(value, what));
    auto id = parse_instance_id(read);
    if (!id) {
      return fail(value.expected(what, id.error().hint));
    }
    return id;
  };
}

bool is_something(std::string_view text) {
  return !trimmed(text).empty();
}

bool is_action(std::string_view text) {
  return find_action(text) != nullptr || std::ranges::any_of(all_services, [text](Service service) {
           return contains(actions_of(service), text);
         });
}

bool is_permission(std::string_view text) {
  const auto of_another = [text](Service service) {
    const auto beginning = fmt::format("{}:", to_string(service));
    return text.starts_with(beginning) &&
           contains(actions_of(service), text.substr(beginning.size()));
  };
  return find_action(text) != nullptr || text == "iam:PassRole" ||
         std::ranges::any_of(all_services, of_another);
}

bool is_device(std::string_view text) {
  return (text.starts_with("/dev/") && text.size() > 5) || text.starts_with("xvd");
}

bool is_instance_type(std::string_view text) {
  const auto dot = text.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < text.size() &&
         all_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-.");
}

bool is_region(std::string_view text) {
  constexpr std::size_t longest = 24;
  const auto parts = split(text, '-');
  const auto is_word = [](std::string_view word) { return !word.empty() && all_of(word, small); };
  return text.size() <= longest && parts.size() >= 3 && parts.size() <= 4 &&
         std::all_of(parts.begin(), std::prev(parts.end()), is_word) && parts.back().size() == 1 &&
         all_of(parts.back(), "123456789");
}

/// Of an availability zone, "us-east-1a", or of one beyond its region: "us-west-2-lax-1a",
/// "us-east-1-wl1-bos-wlz-1".
bool is_zone(std::string_view text) {
  const auto number = text.find_first_of(digits);
  if (number != std::string_view::npos && text.substr(number + 1).starts_with('-')) {
    return is_region(text.substr(0, number + 1)) &&
           all_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
  }
  return !text.empty() && all_of(text.substr(text.size() - 1), small) &&
         is_region(text.substr(0, text.size() - 1));
}

bool is_account(std::string_view text) {
  return text.size() == 12 && all_of(text, digits);
}

}  // namespace pitstop::sim::scenario_file
