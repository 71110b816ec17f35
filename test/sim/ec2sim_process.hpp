#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "http/http.hpp"
#include "support/process.hpp"

namespace pitstop::test {

/// The program ec2sim on a free port of 127.0.0.1. Ends with the object.
class Ec2sim {
 public:
  /// Returns when it answers.
  explicit Ec2sim(std::vector<std::string> options = {});

  const std::string& endpoint() const { return endpoint_; }
  int port() const;
  ChildProcess& process() { return process_; }

  /// One exchange over a connection of its own.
  HttpResponse send(std::string method, std::string target, std::string body = "") const;
  /// An unsigned call.
  HttpResponse call(const std::string& action) const;
  /// "/_sim/state" or "/_sim/truth".
  nlohmann::json page(const std::string& path) const;

 private:
  ChildProcess process_;
  std::string endpoint_;
};

/// sim/scenarios/NAME
std::string example_scenario(std::string_view name);

/// Runs `ec2sim ARGUMENT…` to its end.
ProcessResult run_ec2sim(std::vector<std::string> arguments);

}  // namespace pitstop::test
