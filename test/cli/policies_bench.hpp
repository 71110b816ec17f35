#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sites_bench.hpp"

namespace pitstop::test {

/// A server in us-east-1 with the tag "role".
sim::ServerPlan server_of_role(const std::string& name, const std::string& role);

/// web-1, web-2 and db-1.
sim::Scenario three_servers();

/// Commands with a file of policies. Of clocks that begin on a Thursday, 2026-01-01T00:00:00Z.
class PoliciesBench : public testing::Test {
 protected:
  explicit PoliciesBench(sim::Scenario scenario = three_servers());

  std::string file() const { return (bench.state.path() / "pitstop.toml").string(); }
  void write(const std::string& text) const;

  /// Everything from here on happens on another host, which knows nothing of the past.
  void move_to_another_host();

  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }
  void pass_until(std::string_view time) { pass(parse_rfc3339(time).value() - bench.time.wall()); }

  /// As a timer does, every quarter of an hour. What it says, and the last status that was not 0.
  CommandResult run_for(Duration duration);

  /// When servers with that name were stopped, and that all are up.
  std::vector<std::string> stops_of(const std::string& name);
  sim::Region& region() { return bench.account(SitesBench::own_account).region("us-east-1"); }
  sim::Instance& instance(const std::string& name);

  WallTime wall_at(Instant instant) const;

  static std::vector<nlohmann::json> messages_of(const CommandResult& result);

  /// As doc/json-output.md shows it.
  static void expect_documented(const nlohmann::json& message);

  SitesBench bench;

 private:
  int hosts_ = 0;
};

}  // namespace pitstop::test
