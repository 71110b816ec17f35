#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/aws_cli.hpp"
#include "support/fault_server.hpp"
#include "support/json_fields.hpp"
#include "support/moto_server.hpp"
#include "support/process.hpp"

/// What the peer tests share: the real program, over real HTTP, against an EC2 that nobody here
/// wrote.
namespace pitstop::test {

/// Each test has a fresh moto and, before it, a server that records every call and can go wrong.
class PeerTest : public testing::Test {
 protected:
  void SetUp() override;

  /// Runs `pitstop ARGUMENT…` with JSON output against `server`.
  ProcessResult pitstop(std::vector<std::string> arguments, EnvironmentChanges changes = {}) const;

  /// A program to run in the background, the same way.
  Command pitstop_command(std::vector<std::string> arguments,
                          EnvironmentChanges changes = {}) const;

  /// "running", "stopped", …: as moto has it, asked directly.
  static std::string state_of(const InstanceId& instance);

  /// The tags of the snapshots of a volume's backup, asked directly: key to value.
  static std::map<std::string, std::string> snapshot_tags(const VolumeId& volume);

  /// The calls that change something (dry runs left out), in order.
  std::vector<std::string> changes() const;

  std::unique_ptr<FaultServer> server;
};

/// The summary's first backup; an empty object (and a failed test) if there is none.
nlohmann::json first_backup(const ProcessResult& result);

/// A rewrite for replies of moto, whose snapshots are born complete: shows them pending with this
/// progress.
Rewrite pending_at(std::string progress);

}  // namespace pitstop::test
