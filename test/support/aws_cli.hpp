#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "support/process.hpp"

namespace pitstop::test {

/// Is the aws command line on the PATH?
bool aws_cli_available();

/// What a program must see to use made-up credentials and us-east-1, nothing of the user's own AWS
/// set-up, and a state directory that goes away with the test.
EnvironmentChanges aws_test_environment();

/// Runs `aws --endpoint-url ENDPOINT ARGUMENT…` (most of a second) and returns its JSON, null if it
/// printed nothing. Throws with what it said if it fails. `changes` come on top of the test
/// environment.
nlohmann::json aws_cli(const std::string& endpoint, const std::vector<std::string>& arguments,
                       const EnvironmentChanges& changes = {});

struct TestVolume {
  std::string device;
  int size_gib = 8;
  std::string type = "gp3";
};

struct TestInstance {
  std::string name = "web-1";
  std::vector<TestVolume> volumes = {{"/dev/sda1", 8}, {"/dev/sdf", 150}, {"/dev/sdg", 150}};
};

struct MadeInstance {
  InstanceId id;
  std::vector<VolumeId> volumes;  ///< in the order in which they were asked for
};

/// Makes a running instance, by one call of the aws command line.
MadeInstance make_instance(const std::string& endpoint, const TestInstance& wanted = {},
                           const EnvironmentChanges& changes = {});

}  // namespace pitstop::test
