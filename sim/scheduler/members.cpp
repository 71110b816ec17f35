#include "sim/scheduler/members.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace pitstop::sim {
namespace {

using nlohmann::json;

/// "scheduleExpression", as AWS's messages have it.
std::string in_messages(std::string name) {
  name.front() = static_cast<char>(
      name.front() >= 'A' && name.front() <= 'Z' ? name.front() - 'A' + 'a' : name.front());
  return name;
}

}  // namespace

std::unexpected<ApiError> invalid(std::string_view path, std::string_view shown,
                                  std::string_view constraint) {
  return refuse("ValidationException",
                fmt::format("1 validation error detected: Value {} at '{}' failed to satisfy "
                            "constraint: {}",
                            shown, path, constraint));
}

std::unexpected<ApiError> not_simulated(std::string_view what) {
  return refuse("ValidationException",
                fmt::format("{} is not simulated: ec2sim knows schedules of the form \"rate(5 "
                            "minutes)\" that start EC2 instances",
                            printable(what)));
}

Answer<void> check_text(std::string_view path, std::string_view value, const TextRule& rule) {
  const auto shown = fmt::format("'{}'", printable(value));
  if (value.size() < rule.least) {
    return invalid(path, shown,
                   fmt::format("Member must have length greater than or equal to {}", rule.least));
  }
  if (value.size() > rule.most) {
    return invalid(path, shown,
                   fmt::format("Member must have length less than or equal to {}", rule.most));
  }
  if (!rule.letters.empty() && value.find_first_not_of(rule.letters) != std::string_view::npos) {
    return invalid(path, shown,
                   fmt::format("Member must satisfy regular expression pattern: {}", rule.pattern));
  }
  return {};
}

Answer<std::string> Members::required_text(const std::string& name, const TextRule& rule) {
  TRY(auto found, text(name, rule));
  if (!found) {
    return missing(name);
  }
  return *std::move(found);
}

Answer<std::optional<std::string>> Members::text(const std::string& name, const TextRule& rule) {
  const auto* value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_string()) {
    return another_type(name, "a string");
  }
  auto read = value->get<std::string>();
  TRY_STATUS(check_text(path_of(name), read, rule));
  return read;
}

Answer<std::string> Members::choice(const std::string& name,
                                    const std::vector<std::string>& choices,
                                    const std::string& otherwise) {
  TRY(auto found, text(name, {.least = 0}));
  if (found && !contains(choices, *found)) {
    return invalid(path_of(name), fmt::format("'{}'", printable(*found)),
                   fmt::format("Member must satisfy enum value set: [{}]", join(choices, ", ")));
  }
  return std::move(found).value_or(otherwise);
}

Answer<std::optional<WallTime>> Members::time(const std::string& name) {
  constexpr double year_9999 = 253402300799;
  const auto* value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  const double seconds = value->is_number() ? value->get<double>() : -1;
  if (!(seconds >= 0 && seconds <= year_9999)) {
    return another_type(name, "a number of seconds since 1970");
  }
  return WallTime(std::chrono::duration_cast<Milliseconds>(std::chrono::duration<double>(seconds)));
}

Answer<std::optional<int>> Members::whole(const std::string& name, int least, int most) {
  const auto* value = find(name);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_number_integer()) {
    return another_type(name, "a whole number");
  }
  const auto read = value->get<std::int64_t>();
  if (read < least || read > most) {
    return invalid(path_of(name), fmt::format("'{}'", read),
                   read < least
                       ? fmt::format("Member must have value greater than or equal to {}", least)
                       : fmt::format("Member must have value less than or equal to {}", most));
  }
  return static_cast<int>(read);
}

Answer<Members> Members::object(const std::string& name, bool required) {
  static const json nothing = json::object();
  const auto* value = find(name);
  if (value == nullptr && required) {
    return missing(name);
  }
  if (value != nullptr && !value->is_object()) {
    return another_type(name, "an object");
  }
  return Members(value == nullptr ? nothing : *value, path_of(name));
}

Answer<void> Members::refuse_others(const std::vector<std::string>& known_to_aws) {
  for (const auto& [name, value] : object_.items()) {
    if (contains(read_, name) || value.is_null()) {
      continue;
    }
    if (contains(known_to_aws, name)) {
      return not_simulated(path_of(name));
    }
    return refuse("ValidationException",
                  fmt::format("CreateSchedule has no member {}", printable(path_of(name))));
  }
  return {};
}

/// Null is the same as not being there.
const json* Members::find(const std::string& name) {
  read_.push_back(name);
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::string Members::path_of(const std::string& name) const {
  return path_.empty() ? in_messages(name) : fmt::format("{}.{}", path_, in_messages(name));
}

std::unexpected<ApiError> Members::missing(const std::string& name) const {
  return invalid(path_of(name), "null", "Member must not be null");
}

std::unexpected<ApiError> Members::another_type(const std::string& name,
                                                std::string_view expected) const {
  return refuse("SerializationException", fmt::format("{} is not {}", path_of(name), expected));
}

}  // namespace pitstop::sim
