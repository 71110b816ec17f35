#include "ec2/model.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/value_named.hpp"

namespace pitstop::ec2 {

std::string_view to_string(InstanceState state) {
  switch (state) {
    case InstanceState::pending:
      return "pending";
    case InstanceState::running:
      return "running";
    case InstanceState::shutting_down:
      return "shutting-down";
    case InstanceState::terminated:
      return "terminated";
    case InstanceState::stopping:
      return "stopping";
    case InstanceState::stopped:
      return "stopped";
  }
  unreachable();
}

std::string_view to_string(SnapshotState state) {
  switch (state) {
    case SnapshotState::pending:
      return "pending";
    case SnapshotState::completed:
      return "completed";
    case SnapshotState::error:
      return "error";
    case SnapshotState::recoverable:
      return "recoverable";
    case SnapshotState::recovering:
      return "recovering";
  }
  unreachable();
}

std::optional<SnapshotState> parse_snapshot_state(std::string_view name) {
  return value_named(name, {SnapshotState::pending, SnapshotState::completed, SnapshotState::error,
                            SnapshotState::recoverable, SnapshotState::recovering});
}

std::optional<int> parse_progress(std::string_view text) {
  auto digits = trimmed(text);
  if (digits.ends_with('%')) {
    digits = trimmed(digits.substr(0, digits.size() - 1));
  }
  const auto percent = whole_number(digits);
  return percent ? std::optional(std::clamp(*percent, 0, 100)) : std::nullopt;
}

std::optional<std::string> find_tag(const Tags& tags, std::string_view key) {
  const auto found = std::ranges::find(tags, key, &Tag::key);
  if (found == tags.end()) {
    return std::nullopt;
  }
  return found->value;
}

bool is_gone(const Instance& instance) {
  return instance.state == InstanceState::terminated ||
         instance.state == InstanceState::shutting_down;
}

std::optional<std::string> Instance::name() const {
  return find_tag(tags, "Name");
}

}  // namespace pitstop::ec2
