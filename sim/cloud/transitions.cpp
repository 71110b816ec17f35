#include "sim/cloud/transitions.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "sim/cloud/addresses.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim {
namespace {

const Reason launch_failure{"Client.InternalError", "Client.InternalError: Client error on launch",
                            ""};

/// How long a forced stop lets the guest go on.
constexpr Duration grace_of_force = Seconds(30);

std::string transition_text(Region& region, const std::string& initiator) {
  if (initiator.empty()) {
    return "";
  }
  const auto wall = std::chrono::floor<Seconds>(region.schedule.wall(region.now()));
  return fmt::format("{} ({:%Y-%m-%d %H:%M:%S} GMT)", initiator,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(wall)));
}

void tell_observers(const Region& region, const Instance& instance) {
  for (const auto& observer : region.observers) {
    observer(instance);
  }
}

bool somebody_else_writes(Region& region, const Instance& instance, const Volume& volume) {
  return std::ranges::any_of(volume.attached_to, [&](const InstanceId& owner) {
    return owner != instance.id && !region.instances.at(owner).quiet_since;
  });
}

void stopped(Region& region, Instance& instance) {
  const auto& last = instance.history.back();
  auto change = last;
  change.at = region.now();
  change.state = InstanceState::stopped;
  instance.history.push_back(std::move(change));
  instance.public_ip.clear();
  tell_observers(region, instance);
}

void release(Region& region, Instance& instance) {
  unless_changed(region, instance, instance.pace.release.draw(instance.random), stopped);
}

void fall_back(Region& region, Instance& instance) {
  // The guest never ran: its volumes are as the last stop left them.
  instance.quiet_since = region.now();
  enter(region, instance, InstanceState::stopped, launch_failure);
}

/// Unless something else has silenced it before.
void silence(Region& region, Instance& instance, Duration after, FileSystem left) {
  unless_changed(region, instance, after, [left](Region& there, Instance& guest) {
    if (!guest.quiet_since) {
      fall_silent(there, guest, left);
      release(there, guest);
    }
  });
}

Duration power_cut_after(const Instance& instance, StopManner manner) {
  switch (manner) {
    case StopManner::abrupt:
      return {};
    case StopManner::forced:
      return std::min(grace_of_force, instance.pace.power_cut_after);
    case StopManner::orderly:
      break;
  }
  return instance.pace.power_cut_after;
}

void running(Region& region, Instance& instance) {
  enter(region, instance, InstanceState::running, {});
}

/// Without the key of one of its volumes, or by the scenario.
bool falls_back(Region& region, Instance& instance) {
  if (instance.starts_that_fall_back > 0) {
    --instance.starts_that_fall_back;
    return true;
  }
  return std::ranges::any_of(instance.attachments, [&](const Attachment& each) {
    const auto& volume = region.volumes.at(each.volume);
    const auto* key = volume.encrypted ? find_key(region, volume.kms_key) : nullptr;
    return key != nullptr && !key->enabled();
  });
}

}  // namespace

void enter(Region& region, Instance& instance, InstanceState state, const Reason& reason) {
  instance.history.push_back({region.now(), state, reason.code, reason.message,
                              transition_text(region, reason.initiator)});
  tell_observers(region, instance);
}

void unless_changed(Region& region, const Instance& instance, Duration length,
                    std::function<void(Region&, Instance&)> happening) {
  region.schedule.after(length, [&region, &instance, changes = instance.history.size(),
                                 happening = std::move(happening)] {
    auto& now = region.instances.at(instance.id);
    if (now.history.size() == changes) {
      happening(region, now);
    }
  });
}

void fall_silent(Region& region, Instance& instance, FileSystem left) {
  instance.quiet_since = region.now();
  for (const auto& attachment : instance.attachments) {
    auto& volume = region.volumes.at(attachment.volume);
    if (!somebody_else_writes(region, instance, volume)) {
      quiesce(region, volume, left);
    }
  }
}

void boot(Region& region, Instance& instance) {
  enter(region, instance, InstanceState::pending, {});
  instance.launched = region.now();
  instance.quiet_since.reset();
  if (falls_back(region, instance)) {
    unless_changed(region, instance, instance.pace.fall_back.draw(instance.random), fall_back);
    return;
  }
  if (instance.settings.public_ip_on_start) {
    instance.public_ip = new_public_ip(region);
  }
  for (const auto& attachment : instance.attachments) {
    mount(region, region.volumes.at(attachment.volume));
  }
  unless_changed(region, instance, instance.pace.boot.draw(instance.random), running);
}

void shut_down(Region& region, Instance& instance, StopManner manner, const Reason& reason) {
  enter(region, instance, InstanceState::stopping, reason);
  const auto& pace = instance.pace;
  const bool hangs = instance.random.unit() < pace.hung_shutdowns;
  const Duration by_itself = hangs ? Duration::max() : pace.shutdown.draw(instance.random);
  const Duration power_cut = power_cut_after(instance, manner);
  const bool clean = by_itself <= power_cut && manner != StopManner::abrupt;
  silence(region, instance, std::min(by_itself, power_cut),
          clean ? FileSystem::clean : FileSystem::cut_off);
}

void hasten(Region& region, Instance& instance, StopManner manner) {
  silence(region, instance, power_cut_after(instance, manner), FileSystem::cut_off);
}

}  // namespace pitstop::sim
