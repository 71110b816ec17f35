#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "aws/service_caller.hpp"
#include "base/ids.hpp"

namespace pitstop {

/// What is to be run on one instance.
struct RemoteCommand {
  std::string document;
  InstanceId instance;
  std::map<std::string, std::string> parameters = {};
  std::string comment = {};
};

/// How far it is there.
struct RemoteInvocation {
  std::string status;  ///< "Pending", "InProgress", "Success", "Failed", "TimedOut", …
  int exit_code = -1;
  std::string output;  ///< what it has printed
  std::string errors;

  bool has_ended() const;
  bool has_succeeded() const { return status == "Success"; }
};

/// Run Command of Systems Manager (version 2014-11-06), as far as pitstop needs it. A command may
/// be sent a second time after a lost answer: it has to be one that does no harm twice.
class RemoteCommands {
 public:
  /// `attempt_timeout` is how long one attempt of a call may take.
  RemoteCommands(Http& http, Identity& identity, Clock& clock, Random& random,
                 Milliseconds attempt_timeout, Duration patience);

  /// SendCommand; the command's id. An instance without a running agent is `refused`, and so is a
  /// document that is not there. What is not delivered in 30 s, the least that there is, never
  /// runs.
  Task<Result<std::string>> send(RemoteCommand command, Duration patience);

  /// GetCommandInvocation. `not_found` for a moment after it was sent.
  Task<Result<RemoteInvocation>> look(std::string command, InstanceId instance, Duration patience);

 private:
  Task<Result<std::string>> call(const char* action, nlohmann::json request, bool changes,
                                 Duration patience);

  ServiceCaller caller_;
};

}  // namespace pitstop
