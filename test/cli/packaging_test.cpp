// What is in packaging/ is understood by the program as it is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "sites_bench.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

namespace fs = std::filesystem;

const fs::path packaging = fs::path(PITSTOP_SOURCE_DIR) / "packaging";

/// The commands of all files of that kind, from what begins them to the end of the line.
std::vector<std::string> commands_in(const std::string& extension, const std::string& begin) {
  std::vector<std::string> commands;
  for (const auto& entry : fs::directory_iterator(packaging)) {
    std::ifstream file(entry.path());
    for (std::string line; entry.path().extension() == extension && std::getline(file, line);) {
      const auto at = line.find(begin);
      if (at != std::string::npos && !line.starts_with('#')) {
        commands.push_back(line.substr(at + begin.size()));
      }
    }
  }
  return commands;
}

class Packaging : public testing::Test {
 protected:
  Packaging() {
    sim::Scenario scenario;
    scenario.servers.resize(2);
    for (auto& server : scenario.servers) {
      server.region = "eu-central-1";
    }
    scenario.servers[0].name = "web";
    scenario.servers[0].tags = {{"backup", "weekly"}};
    scenario.servers[1].name = "db";
    scenario.servers[1].tags = {{"backup", "daily"}, {"role", "database"}, {"cluster", "one"}};
    bench.add_account(SitesBench::own_account, scenario);
    bench.variables["PITSTOP_CONFIG"] = (packaging / "pitstop.toml").string();
  }

  void expect_to_run(std::string command) {
    const auto instance = command.find("%i");
    if (instance != std::string::npos) {
      command.replace(instance, 2, "weekly");
    }
    std::vector<std::string> arguments;
    for (const auto word : split(trimmed(command), ' ')) {
      arguments.emplace_back(word);
    }
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 0) << command << '\n' << result.diagnostics;
  }

  SitesBench bench;
};

TEST_F(Packaging, HasPoliciesWithoutMistakes) {
  const auto result = bench.run({"policy", "check"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("2 policies, no mistakes"));
}

TEST_F(Packaging, HasUnitsThatRunThem) {
  const auto commands = commands_in(".service", "ExecStart=/usr/bin/pitstop ");
  ASSERT_THAT(commands, SizeIs(2));
  for (const auto& command : commands) {
    expect_to_run(command);
  }
}

TEST_F(Packaging, HasALineForCronThatRunsThem) {
  const auto commands = commands_in(".cron", "root  /usr/bin/pitstop ");
  ASSERT_THAT(commands, SizeIs(1));
  expect_to_run(commands.front());
}

}  // namespace
}  // namespace pitstop::test
