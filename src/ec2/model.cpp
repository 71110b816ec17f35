#include "ec2/model.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/contains.hpp"
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

const NetworkInterface* Instance::primary_interface() const {
  const auto found = std::ranges::find(network_interfaces, 0, &NetworkInterface::device_index);
  return found == network_interfaces.end() ? nullptr : &*found;
}

namespace {

/// "/dev/sda1" and "/dev/sda" are one place.
std::string_view without_partition(std::string_view device) {
  const auto last = device.find_last_not_of("0123456789");
  return last == std::string_view::npos ? device : device.substr(0, last + 1);
}

}  // namespace

std::string root_device_of(const Instance& instance) {
  const auto& root = instance.root_device_name;
  if (root.empty() || has_root_volume(instance)) {
    return root;
  }
  const auto alike = [&](const AttachedVolume& volume) {
    return without_partition(volume.device) == without_partition(root);
  };
  if (std::ranges::count_if(instance.volumes, alike) == 1) {
    return std::ranges::find_if(instance.volumes, alike)->device;
  }
  const bool has_one = instance.volumes.size() == 1 && instance.state == InstanceState::running;
  return has_one ? instance.volumes.front().device : root;
}

bool has_root_volume(const Instance& instance) {
  return contains(instance.volumes, instance.root_device_name, &AttachedVolume::device);
}

}  // namespace pitstop::ec2
