#pragma once

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/surroundings.hpp"
#include "support/mini_cloud.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {

struct CommandResult {
  int status = -1;
  std::string output;
  std::string diagnostics;
};

/// Runs whole commands against a MiniCloud in virtual time, from the arguments to the exit status:
///
///     CommandBench bench;
///     const auto result = bench.run({"backup", bench.cloud.instance.str()});
class CommandBench {
 public:
  CommandResult run(std::vector<std::string> arguments);

  /// It helps, and its help, which is as the golden file has it, fits a page. The help.
  std::string expect_help(std::vector<std::string> arguments, const std::string& golden);

  /// What a command has from outside of itself here.
  Surroundings surroundings(const Environment& environment, std::ostream& output,
                            std::ostream& diagnostics);

  TemporaryDirectory state;
  VirtualTime time;
  MiniCloud cloud{time};
  SeededRandom random{1};
  Interruption interruption;
  std::vector<InstanceId> down;
  /// The programs that were started: their words, and what they got as input.
  std::vector<std::pair<std::vector<std::string>, std::string>> launched;
  std::map<std::string, std::string, std::less<>> variables{
      {"AWS_REGION", "us-east-1"},
      {"AWS_ACCESS_KEY_ID", "test"},
      {"AWS_SECRET_ACCESS_KEY", "test"},
      {"AWS_EC2_METADATA_DISABLED", "true"},
      {"AWS_CONFIG_FILE", "/nonexistent/config"},
      {"AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials"},
      {"XDG_STATE_HOME", state.path().string()}};
  /// Set it to run at a terminal.
  std::function<BoardSize()> terminal_size;
};

}  // namespace pitstop::test
