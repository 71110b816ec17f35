#include "policies_bench.hpp"

#include <fstream>

#include "sim/cloud/truth.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {

using namespace std::chrono_literals;

sim::ServerPlan server_of_role(const std::string& name, const std::string& role) {
  sim::ServerPlan plan;
  plan.name = name;
  plan.region = "us-east-1";
  plan.tags = {{"role", role}};
  return plan;
}

sim::Scenario three_servers() {
  sim::Scenario scenario;
  scenario.servers = {server_of_role("web-1", "web"), server_of_role("web-2", "web"),
                      server_of_role("db-1", "db")};
  return scenario;
}

PoliciesBench::PoliciesBench(sim::Scenario scenario) {
  bench.add_account(SitesBench::own_account, std::move(scenario));
  bench.variables["PITSTOP_CONFIG"] = file();
}

void PoliciesBench::write(const std::string& text) const {
  std::ofstream(file()) << text;
}

void PoliciesBench::move_to_another_host() {
  bench.variables["XDG_STATE_HOME"] =
      (bench.state.path() / ("host-" + std::to_string(++hosts_))).string();
}

CommandResult PoliciesBench::run_for(Duration duration) {
  CommandResult all{.status = 0, .output = "", .diagnostics = ""};
  const auto end = bench.time.now() + duration;
  for (auto next = bench.time.now(); next < end; next += 15min) {
    bench.time.run(bench.time.sleep_until(next));
    const auto result = bench.run({"run"});
    all.status = result.status == 0 ? all.status : result.status;
    all.output += result.output;
    all.diagnostics += result.diagnostics;
  }
  return all;
}

std::vector<std::string> PoliciesBench::stops_of(const std::string& name) {
  std::vector<std::string> stops;
  for (const auto& [id, instance] : region().instances) {
    EXPECT_EQ(instance.state(), sim::InstanceState::running) << id.str();
    for (const auto& outage : sim::outages_of(region(), id)) {
      if (instance.tags.at("Name") == name) {
        stops.push_back(rfc3339(wall_at(outage.stop_accepted)).substr(0, 16));
      }
    }
  }
  return stops;
}

sim::Instance& PoliciesBench::instance(const std::string& name) {
  auto& all = region().instances;
  return std::ranges::find_if(
             all, [&](const auto& known) { return known.second.tags.at("Name") == name; })
      ->second;
}

WallTime PoliciesBench::wall_at(Instant instant) const {
  return bench.time.wall() + std::chrono::duration_cast<Milliseconds>(instant - bench.time.now());
}

std::vector<nlohmann::json> PoliciesBench::messages_of(const CommandResult& result) {
  return messages_in(result.output);
}

void PoliciesBench::expect_documented(const nlohmann::json& message) {
  for (const auto& example : documented_messages()) {
    if (example["message_type"] == message["message_type"]) {
      EXPECT_EQ(fields(message), fields(example));
      return;
    }
  }
  ADD_FAILURE() << message << " is not documented";
}

}  // namespace pitstop::test
