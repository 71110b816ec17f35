#pragma once

#include <map>
#include <string>

#include "sim/cloud/region.hpp"

namespace pitstop::sim {

/// A command on its way to one instance.
struct SentCommand {
  std::string id;
  std::string document;
  InstanceId instance;
  std::string action;
  std::string backup;
  Instant sent;
  /// "Pending", "Success", "Failed", "TimedOut".
  std::string status = "Pending";
  int exit_code = -1;
  std::string output;
  std::string errors;
};

/// The SSM agents of a region's servers, with the one document that they know: `pitstop-freeze`,
/// which freezes the file systems of all volumes but the root, and thaws them when it is told to,
/// or by itself after 30 s.
class Agents {
 public:
  explicit Agents(Region& region) : region_(region), chance_(region.chance_for("ssm")) {}

  Answer<SentCommand> send(SentCommand command);
  /// Nothing for one that is not known.
  const SentCommand* find(const std::string& command, const InstanceId& instance) const;

 private:
  struct Frozen {
    std::string backup;
    int freeze = 0;  ///< which one: an older one's end is not that of a newer one
  };

  void deliver(const std::string& id);
  void freeze(SentCommand& command);
  void thaw(SentCommand& command);
  void let_go(const InstanceId& instance);

  Region& region_;
  SeededRandom chance_;
  std::map<std::string, SentCommand> commands_;
  std::map<InstanceId, Frozen> frozen_;
  int freezes_ = 0;
};

}  // namespace pitstop::sim
