#include "restore/restore_volumes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/volumes.hpp"
#include "restore/new_volumes.hpp"

namespace pitstop {
namespace {

/// What is left of a device's name when the kernel's taste is taken off: "/dev/sdf" and "/dev/xvdf"
/// are one place.
std::string_view place_of(std::string_view device) {
  for (const std::string_view prefix : {"/dev/sd", "/dev/xvd", "sd", "xvd"}) {
    if (device.starts_with(prefix)) {
      return device.substr(prefix.size());
    }
  }
  return device;
}

class Places {
 public:
  explicit Places(const ec2::Instance& server)
      : is_windows_(server.platform_details.starts_with("Windows")) {
    take(server.root_device_name);
    for (const auto& attached : server.volumes) {
      take(attached.device);
    }
  }

  bool is_free(std::string_view device) const { return !contains(taken_, place_of(device)); }
  void take(std::string_view device) { taken_.emplace_back(place_of(device)); }

  std::optional<std::string> next() const {
    for (char letter = 'f'; letter <= 'p'; ++letter) {
      auto device = fmt::format("/dev/sd{}", letter);
      if (is_free(device)) {
        return device;
      }
    }
    for (const char first : {'b', 'c'}) {
      for (char second = 'a'; second <= 'z'; ++second) {
        auto device = fmt::format("{}xvd{}{}", is_windows_ ? "" : "/dev/", first, second);
        if (is_free(device)) {
          return device;
        }
      }
    }
    return std::nullopt;
  }

 private:
  bool is_windows_;
  std::vector<std::string> taken_;
};

Status choose_devices(VolumesPlan& plan, const ec2::Instance& server, std::optional<int> room) {
  if (room && std::cmp_less(*room, plan.volumes.size())) {
    return fail(ErrorKind::refused,
                fmt::format("{} is of the type {} and can have {} more volume{}; these are {}",
                            server.id.str(), printable(server.type), *room, *room == 1 ? "" : "s",
                            plan.volumes.size()),
                "leave out --attach-to, and attach by hand those that are needed");
  }
  Places places(server);
  for (const auto& volume : plan.volumes) {
    const bool keeps = !volume.device.empty() && places.is_free(volume.device);
    const auto device = keeps ? std::optional(volume.device) : places.next();
    if (!device) {
      return fail(ErrorKind::refused,
                  fmt::format("{} has no room for another volume", server.id.str()),
                  "leave out --attach-to, and attach by hand those that are needed");
    }
    places.take(*device);
    plan.devices.push_back(*device);
  }
  return {};
}

Status is_usable(const BackupSet& set, const VolumeWishes& wishes) {
  if (set.state == SetState::complete) {
    return {};
  }
  if (set.state == SetState::archived) {
    return is_whole(set);
  }
  if (wishes.incomplete && set.state != SetState::pending) {
    return {};
  }
  return fail(ErrorKind::refused,
              fmt::format("{} is {}: {}", set.backup.str(), to_string(set.state), set.flaw),
              set.state == SetState::pending
                  ? "wait until its snapshots are complete: pitstop list tells"
                  : "--incomplete takes what is there of it");
}

/// Only what EC2 makes a volume of.
void leave_out_unusable(VolumesPlan& plan, const BackupSet& set) {
  std::erase_if(plan.volumes, [&](const PlannedVolume& volume) {
    const auto snapshot = std::ranges::find(set.snapshots, volume.snapshot, &SetSnapshot::id);
    const bool usable = snapshot->state == ec2::SnapshotState::completed && !snapshot->is_archived;
    if (!usable) {
      plan.losses.push_back(
          fmt::format("{} ({}): its snapshot is not complete", volume.was.str(), volume.device));
    }
    return !usable;
  });
  if (set.state == SetState::suspect) {
    plan.losses.push_back(fmt::format(
        "note: {} is suspect ({}): of its volumes there is what EC2 itself knows, without "
        "their tags, devices and types",
        set.backup.str(), set.flaw));
    return;
  }
  for (const auto& missing : set.missing) {
    plan.losses.push_back(
        fmt::format("{} ({}): it has no snapshot", missing.volume.str(), missing.device));
  }
}

Result<std::string> zone_for(const BackupSet& set, const VolumeWishes& wishes) {
  if (wishes.attach_to) {
    return wishes.attach_to->zone;
  }
  if (!wishes.zone.empty()) {
    return wishes.zone;
  }
  if (set.state == SetState::suspect) {
    return fail(ErrorKind::refused,
                fmt::format("{} is suspect: where its server was is not known", set.backup.str()),
                "say where the volumes are to be: --zone, or --attach-to");
  }
  TRY(const auto server, server_of(set));
  if (set.copied_from) {
    return fail(
        ErrorKind::refused,
        fmt::format("{} is a copy: its server was in {}", set.backup.str(), server.instance.zone),
        "say where the volumes are to be: --zone, or --attach-to");
  }
  return server.instance.zone;
}

class Attaching {
 public:
  Attaching(RestoreTools tools, VolumesPlan plan)
      : tools_(tools), plan_(std::move(plan)), outcome_(outcome_for(plan_)) {
    outcome_.server = plan_.attach_to;
  }

  Task<RestoreOutcome> run() {
    const Instant begun = tools_.clock.now();
    if (auto status = co_await make(); !status) {
      outcome_.error = status.error();
    }
    outcome_.took = tools_.clock.now() - begun;
    co_return std::move(outcome_);
  }

 private:
  Task<Status> make() {
    CO_TRY(outcome_.volumes, co_await make_them());
    for (auto& made : outcome_.volumes) {
      made.device.clear();
    }
    if (!plan_.attach_to) {
      co_return Status();
    }
    for (std::size_t i = 0; i < outcome_.volumes.size(); ++i) {
      auto& made = outcome_.volumes[i];
      const auto attached =
          co_await ec2::attach_volume(tools_.ec2, made.volume, *plan_.attach_to, plan_.devices[i]);
      if (!attached) {
        co_return fail(
            within(fmt::format("{} is not attached", made.volume.str()), attached.error()));
      }
      made.device = plan_.devices[i];
    }
    co_return Status();
  }

  Task<Result<std::vector<RestoredVolume>>> make_them() {
    std::optional<FastRestoreHold> fast;
    if (plan_.fast_restore) {
      CO_TRY(fast, co_await begin_fast_restore(fast_restore_tools(tools_, plan_.instance),
                                               *plan_.fast_restore));
    }
    RestorePlan plan = plan_;
    auto made =
        co_await make_volumes(tools_, std::move(plan), plan_.zone, plan_.initialization_rate);
    if (fast) {
      auto ids = made ? ids_of(*made) : std::vector<VolumeId>();
      const auto ended = co_await end_fast_restore(fast_restore_tools(tools_, plan_.instance),
                                                   *std::move(fast), std::move(ids));
      if (!ended) {
        outcome_.left_behind.push_back(ended.error().message);
      }
    }
    co_return made;
  }

  RestoreTools tools_;
  VolumesPlan plan_;
  RestoreOutcome outcome_;
};

}  // namespace

Result<VolumesPlan> plan_volumes(const RestoreId& restore, const BackupSet& set,
                                 const VolumeWishes& wishes) {
  TRY_STATUS(is_usable(set, wishes));
  VolumesPlan plan;
  static_cast<RestorePlan&>(plan) = plan_for(restore, RestoreKind::volumes, set);
  plan.initialization_rate = wishes.initialization_rate;
  TRY(plan.volumes, planned_volumes(set));
  leave_out_unusable(plan, set);
  if (plan.volumes.empty()) {
    return fail(ErrorKind::refused, fmt::format("nothing is left of {}", set.backup.str()),
                "choose another one: pitstop list");
  }
  TRY(plan.zone, zone_for(set, wishes));
  if (wishes.fast_restore) {
    TRY_STATUS(ask_for_fast_restore(plan, set, plan.zone));
  }
  if (wishes.attach_to) {
    plan.attach_to = wishes.attach_to->id;
    TRY_STATUS(choose_devices(plan, *wishes.attach_to, wishes.room));
  }
  return plan;
}

Task<RestoreOutcome> restore_volumes(RestoreTools tools, VolumesPlan plan) {
  Attaching attaching(tools, std::move(plan));
  co_return co_await attaching.run();
}

}  // namespace pitstop
