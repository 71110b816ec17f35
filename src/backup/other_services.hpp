#pragma once

namespace pitstop {

class AutoScaling;
class Keys;
class LoadBalancing;
class RemoteCommands;

/// The services beside EC2 that are asked; null where nobody would answer.
struct OtherServices {
  AutoScaling* auto_scaling = nullptr;
  LoadBalancing* load_balancing = nullptr;
  Keys* keys = nullptr;
  RemoteCommands* commands = nullptr;
};

}  // namespace pitstop
