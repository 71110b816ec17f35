#include "sim/ssm/agents.hpp"

#include <fmt/format.h>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim {
namespace {

constexpr std::string_view document = "pitstop-freeze";

/// From SendCommand until the agent has run it.
constexpr Spread way_to_the_agent{Milliseconds(800), Seconds(2), Seconds(5)};

constexpr Duration longest_freeze = Seconds(30);

bool is_root(const Instance& instance, const Attachment& attachment) {
  return attachment.device == instance.settings.root_device_name;
}

void succeed(SentCommand& command, std::string output) {
  command.status = "Success";
  command.exit_code = 0;
  command.output = std::move(output);
}

void fail_with(SentCommand& command, int exit_code, std::string errors) {
  command.status = "Failed";
  command.exit_code = exit_code;
  command.errors = std::move(errors);
}

}  // namespace

Answer<SentCommand> Agents::send(SentCommand command) {
  if (command.document != document) {
    return refuse("InvalidDocument", fmt::format("Document with name {} does not exist.",
                                                 printable(command.document)));
  }
  const auto instance = region_.instances.find(command.instance);
  const bool answers = instance != region_.instances.end() &&
                       instance->second.state() == InstanceState::running &&
                       instance->second.settings.ssm_agent;
  if (!answers) {
    return refuse("InvalidInstanceId",
                  "Instances not in a valid state for account " + region_.account);
  }
  command.id = fmt::format("{}-{}-{}-{}-{}", chance_.hex(8), chance_.hex(4), chance_.hex(4),
                           chance_.hex(4), chance_.hex(12));
  command.sent = region_.now();
  commands_[command.id] = command;
  region_.schedule.at(region_.now() + way_to_the_agent.draw(chance_),
                      [this, id = command.id] { deliver(id); });
  return command;
}

const SentCommand* Agents::find(const std::string& command, const InstanceId& instance) const {
  const auto found = commands_.find(command);
  return found == commands_.end() || found->second.instance != instance ? nullptr : &found->second;
}

void Agents::deliver(const std::string& id) {
  auto& command = commands_.at(id);
  if (region_.instances.at(command.instance).state() != InstanceState::running) {
    command.status = "TimedOut";
  } else if (command.action == "freeze") {
    freeze(command);
  } else {
    thaw(command);
  }
}

void Agents::freeze(SentCommand& command) {
  if (const auto already = frozen_.find(command.instance); already != frozen_.end()) {
    if (already->second.backup == command.backup) {
      succeed(command, "");
    } else {
      fail_with(command, 21, "another freeze is going on\n");
    }
    return;
  }
  const auto& instance = region_.instances.at(command.instance);
  std::string mounts;
  for (const auto& attachment : instance.attachments) {
    if (!is_root(instance, attachment)) {
      quiesce(region_, region_.volumes.at(attachment.volume), FileSystem::frozen);
      mounts += fmt::format("/mnt{}\n", attachment.device);
    }
  }
  if (mounts.empty()) {
    fail_with(command, 24, "there is no data file system: all belong to the system\n");
    return;
  }
  const int number = ++freezes_;
  frozen_[command.instance] = {.backup = command.backup, .freeze = number};
  region_.schedule.at(region_.now() + longest_freeze, [this, id = command.instance, number] {
    const auto still = frozen_.find(id);
    if (still != frozen_.end() && still->second.freeze == number) {
      let_go(id);
    }
  });
  succeed(command, mounts);
}

void Agents::thaw(SentCommand& command) {
  const auto frozen = frozen_.find(command.instance);
  if (frozen == frozen_.end() || frozen->second.backup != command.backup) {
    fail_with(command, 25, "it is not frozen any more\n");
    return;
  }
  let_go(command.instance);
  succeed(command, "");
}

/// One that was stopped meanwhile has let go by itself.
void Agents::let_go(const InstanceId& instance) {
  frozen_.erase(instance);
  const auto& server = region_.instances.at(instance);
  for (const auto& attachment : server.attachments) {
    auto& volume = region_.volumes.at(attachment.volume);
    if (volume.contents.file_system == FileSystem::frozen) {
      mount(region_, volume);
    }
  }
}

}  // namespace pitstop::sim
