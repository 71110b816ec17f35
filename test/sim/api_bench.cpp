#include "api_bench.hpp"

#include "cloud_bench.hpp"

namespace pitstop::test {

ApiReply::ApiReply(HttpResponse answered) : response(std::move(answered)) {
  document.load_buffer(response.body.data(), response.body.size());
}

std::string ApiReply::text(const std::string& path) const {
  return document.document_element().select_node(path.c_str()).node().child_value();
}

std::vector<std::string> ApiReply::texts(const std::string& path) const {
  std::vector<std::string> found;
  for (const auto& each : document.document_element().select_nodes(path.c_str())) {
    found.emplace_back(each.node().child_value());
  }
  return found;
}

std::ostream& operator<<(std::ostream& stream, const ApiReply& reply) {
  return stream << "HTTP " << reply.status() << ' ' << reply.response.body;
}

sim::Scenario api_scenario(int servers) {
  sim::ServerPlan server;
  server.name = "db";
  server.count = servers;
  server.tags = {{"team", "shop"}};
  server.pace = round_server_pace();
  sim::VolumePlan root;
  root.snapshot_pace = round_snapshot_pace();
  sim::VolumePlan data = root;
  data.device = "/dev/xvdf";
  data.size_gib = 100;
  data.used_gib = 10;
  data.delete_on_termination = false;
  data.tags = {{"content", "database"}};
  server.volumes = {root, data};

  sim::Scenario scenario;
  scenario.throttling.on = false;
  scenario.server_pace = round_server_pace();
  scenario.snapshot_pace = round_snapshot_pace();
  scenario.servers = {server};
  return scenario;
}

ApiReply call(sim::Simulator& simulator, std::string_view action, ApiParameters parameters,
              const std::string& region) {
  parameters.emplace_back("Action", action);
  parameters.emplace_back("Version", "2016-11-15");
  return ApiReply(simulator.answer({region, canonical_query(std::move(parameters))}));
}

ApiBench::ApiBench() : ApiBench(api_scenario()) {}

ApiBench::ApiBench(sim::Scenario scenario) : simulator(time, std::move(scenario)) {}

ApiReply ApiBench::ask(std::string form) {
  return ApiReply(simulator.answer({"", std::move(form)}));
}

void ApiBench::pass(Duration length) {
  time.run(time.sleep(length));
  simulator.region();
}

void ApiBench::stop() {
  call("StopInstances", {{"InstanceId.1", id()}});
  pass(std::chrono::minutes(1));
}

}  // namespace pitstop::test
