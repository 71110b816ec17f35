#include "report/reasons.hpp"

#include <algorithm>
#include <map>

#include "base/time.hpp"
#include "report/wording.hpp"

namespace pitstop {
namespace {

constexpr std::string_view hexadecimal = "0123456789abcdef";
constexpr std::string_view lower_case_letters = "abcdefghijklmnopqrstuvwxyz";

std::size_t count_of(std::string_view text, std::string_view characters) {
  return std::min(text.find_first_not_of(characters), text.size());
}

/// The number of characters of an id, such as "snap-0123456789abcdef0", up to and with its hyphen;
/// and of the rest. Nothing if the text does not begin with one.
std::optional<std::pair<std::size_t, std::size_t>> leading_id(std::string_view text) {
  constexpr std::size_t shortest = 8;
  const auto kind = count_of(text, lower_case_letters);
  if (kind == 0 || !text.substr(kind).starts_with('-')) {
    return std::nullopt;
  }
  const auto digits = count_of(text.substr(kind + 1), hexadecimal);
  const auto end = text.substr(kind + 1 + digits, 1);
  const bool goes_on = !end.empty() && (count_of(end, lower_case_letters) > 0 || end == "-");
  if (digits < shortest || goes_on) {
    return std::nullopt;
  }
  return std::pair(kind + 1, digits);
}

/// With "…" for what each server has its own of: ids and times.
std::string without_own(std::string_view text) {
  constexpr std::size_t length_of_time = 24;
  std::string masked;
  while (!text.empty()) {
    if (const auto id = leading_id(text)) {
      masked += std::string(text.substr(0, id->first)) + "…";
      text.remove_prefix(id->first + id->second);
    } else if (parse_rfc3339(text.substr(0, length_of_time))) {
      masked += "…";
      text.remove_prefix(length_of_time);
    } else {
      // A whole word, for an id begins with one.
      const auto word = std::max<std::size_t>(count_of(text, lower_case_letters), 1);
      masked += text.substr(0, word);
      text.remove_prefix(word);
    }
  }
  return masked;
}

}  // namespace

std::vector<Reason> reasons_of(const std::vector<BackupOutcome>& backups) {
  struct Group {
    Reason reason;
    bool texts_differ = false;
    bool hints_differ = false;
  };
  std::map<std::pair<bool, std::string>, Group> groups;
  for (const auto& backup : backups) {
    if (!backup.error) {
      continue;
    }
    const bool refused = backup.outcome == Outcome::refused;
    const std::string message(without_subject(backup.error->message, backup.instance));
    auto& [reason, texts_differ, hints_differ] = groups[{refused, without_own(message)}];
    if (reason.servers.empty()) {
      reason = {refused, message, backup.error->hint, {}};
    }
    texts_differ |= reason.text != message;
    hints_differ |= reason.hint != backup.error->hint;
    reason.servers.push_back(backup.instance);
  }
  std::vector<Reason> reasons;
  for (auto& [key, group] : groups) {
    if (group.texts_differ) {
      group.reason.text = key.second;
    }
    if (group.hints_differ) {
      group.reason.hint = without_own(group.reason.hint);
    }
    reasons.push_back(std::move(group.reason));
  }
  std::ranges::sort(reasons, [](const Reason& one, const Reason& other) {
    return std::tuple(one.refused, other.servers.size(), std::string_view(one.text)) <
           std::tuple(other.refused, one.servers.size(), std::string_view(other.text));
  });
  return reasons;
}

}  // namespace pitstop
