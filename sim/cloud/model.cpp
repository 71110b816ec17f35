#include "sim/cloud/model.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pitstop::sim {

std::string_view to_string(FileSystem file_system) {
  switch (file_system) {
    case FileSystem::mounted:
      return "mounted";
    case FileSystem::clean:
      return "clean";
    case FileSystem::frozen:
      return "frozen";
    case FileSystem::cut_off:
      return "cut-off";
  }
  return "";
}

namespace {

std::string_view disk_of(std::string_view device) {
  return device.substr(0, device.find_last_not_of("0123456789") + 1);
}

}  // namespace

bool is_root_device(const InstanceSettings& settings, std::string_view device) {
  return disk_of(device) == disk_of(settings.root_device_name);
}

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
  return "";
}

std::string_view to_string(SnapshotState state) {
  switch (state) {
    case SnapshotState::pending:
      return "pending";
    case SnapshotState::completed:
      return "completed";
    case SnapshotState::error:
      return "error";
  }
  return "";
}

std::string_view to_string(FastRestoreState state) {
  switch (state) {
    case FastRestoreState::enabling:
      return "enabling";
    case FastRestoreState::optimizing:
      return "optimizing";
    case FastRestoreState::enabled:
      return "enabled";
    case FastRestoreState::disabling:
      return "disabling";
    case FastRestoreState::disabled:
      return "disabled";
  }
  return "";
}

const StateChange& Instance::at(Instant when) const {
  const auto later = std::ranges::upper_bound(history, when, {}, &StateChange::at);
  return later == history.begin() ? history.front() : *std::prev(later);
}

const Attachment* Instance::find(const VolumeId& volume) const {
  const auto found = std::ranges::find(attachments, volume, &Attachment::volume);
  return found == attachments.end() ? nullptr : &*found;
}

SnapshotState Snapshot::state_at(Instant when) const {
  if (!ended || when < *ended) {
    return SnapshotState::pending;
  }
  return failed ? SnapshotState::error : SnapshotState::completed;
}

std::string Snapshot::progress_at(Instant when) const {
  if (state_at(when) == SnapshotState::completed) {
    return "100%";
  }
  if (when < speaks_from) {
    return "";
  }
  const bool never_moved = copying && ended && *ended < copying->past_zero;
  if (!copying || when < copying->past_zero || never_moved) {
    return "0%";
  }
  const auto until = ended ? std::min(when, *ended) : when;
  const double part = static_cast<double>((until - copying->begins).count()) /
                      static_cast<double>((copying->ends - copying->begins).count());
  const int percent = std::clamp(static_cast<int>(part * 100), step, 99);
  return fmt::format("{}%", percent - percent % step);
}

FastRestoreState FastRestore::state_at(Instant when) const {
  if (disabling && *disabling <= when) {
    return disabled && *disabled <= when ? FastRestoreState::disabled : FastRestoreState::disabling;
  }
  if (when < optimizing) {
    return FastRestoreState::enabling;
  }
  return when < enabled ? FastRestoreState::optimizing : FastRestoreState::enabled;
}

bool FastRestore::is_on(Instant when) const {
  return !disabling || when < *disabling;
}

}  // namespace pitstop::sim
