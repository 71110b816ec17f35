// What a stop and a start do to a server: the downtime of every backup.

#include <regex>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

using ec2::InstanceState;

bool is(const ec2::StateChanges& changes, const InstanceId& id, InstanceState previous,
        InstanceState current) {
  return changes.changes.size() == 1 && changes.changes[0].instance == id &&
         changes.changes[0].previous == previous && changes.changes[0].current == current;
}

CONTRACT(StopsAServer) {
  const auto server = co_await launch(subject);
  const auto stop =
      needed("StopInstances", co_await ec2::stop_instances(subject.caller, {server.id}));
  subject.expect("a stop answers that the server was running and is stopping",
                 is(stop, server.id, InstanceState::running, InstanceState::stopping), told(stop));
  const auto stopping = co_await look_at(subject, server.id);
  subject.expect("a server that shuts down is shown as stopping",
                 stopping.state == InstanceState::stopping, std::string(to_string(stopping.state)));
  const auto again =
      needed("a second StopInstances", co_await ec2::stop_instances(subject.caller, {server.id}));
  subject.expect("a stop of a stopping server leaves it stopping",
                 is(again, server.id, InstanceState::stopping, InstanceState::stopping),
                 told(again));
  const auto stopped = co_await until(subject, server.id, InstanceState::stopped);
  const auto late =
      needed("a late StopInstances", co_await ec2::stop_instances(subject.caller, {server.id}));
  subject.expect("a stop of a stopped server leaves it stopped",
                 is(late, server.id, InstanceState::stopped, InstanceState::stopped), told(late));
  subject.expect("a stopped server keeps its volumes",
                 stopped.volumes.size() == 1 && root_of(stopped) == root_of(server),
                 std::to_string(stopped.volumes.size()) + " volumes");
  subject.expect("a stopped server keeps its private address",
                 !server.private_ip.empty() && stopped.private_ip == server.private_ip,
                 stopped.private_ip);
}

CONTRACT(TellsWhoStoppedAServer) {
  const auto server = co_await launch(subject);
  subject.expect("a running server has no reason of its state",
                 server.state_reason_code.empty() && server.transition_reason.empty(),
                 server.state_reason_code + server.transition_reason);
  const auto stopped = co_await stop(subject, server.id);
  subject.expect("the reason of a stop is Client.UserInitiatedShutdown",
                 stopped.state_reason_code == "Client.UserInitiatedShutdown",
                 stopped.state_reason_code);
  const std::regex at_a_time(R"(User initiated \(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} (GMT|UTC)\))");
  subject.expect("the transition reason tells the time of the stop",
                 std::regex_match(stopped.transition_reason, at_a_time), stopped.transition_reason);
  const auto running = co_await start(subject, server.id);
  subject.expect("a start takes the reason of the stop away",
                 running.state_reason_code.empty() && running.transition_reason.empty(),
                 running.state_reason_code + running.transition_reason);
}

CONTRACT(StartsAServer) {
  const auto server = co_await launch(subject);
  co_await stop(subject, server.id);
  const auto start =
      needed("StartInstances", co_await ec2::start_instances(subject.caller, {server.id}));
  subject.expect("a start answers that the server was stopped and is pending",
                 is(start, server.id, InstanceState::stopped, InstanceState::pending), told(start));
  const auto pending = co_await look_at(subject, server.id);
  subject.expect("a server that comes up is shown as pending",
                 pending.state == InstanceState::pending, std::string(to_string(pending.state)));
  const auto running = co_await until(subject, server.id, InstanceState::running);
  subject.expect("a started server has the volumes that it was stopped with",
                 running.volumes.size() == 1 && root_of(running) == root_of(server),
                 std::to_string(running.volumes.size()) + " volumes");
  subject.expect("a started server has the private address that it was stopped with",
                 running.private_ip == server.private_ip, running.private_ip);
  const auto again =
      needed("a second StartInstances", co_await ec2::start_instances(subject.caller, {server.id}));
  subject.expect("a start of a running server leaves it running",
                 is(again, server.id, InstanceState::running, InstanceState::running), told(again));
}

CONTRACT(StartsNoServerThatIsStopping) {
  const auto server = co_await launch(subject);
  needed("StopInstances", co_await ec2::stop_instances(subject.caller, {server.id}));
  subject.expect_refused("a stopping server is not started",
                         co_await ec2::start_instances(subject.caller, {server.id}),
                         "IncorrectInstanceState");
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a refused start lets it stop",
                 after.state == InstanceState::stopping || after.state == InstanceState::stopped,
                 std::string(to_string(after.state)));
}

CONTRACT(StopsNoServerThatIsPending) {
  const auto launched =
      needed("RunInstances", co_await ec2::run_instance(subject.caller, small_server(subject)));
  subject.expect("a new server is pending", launched.state == InstanceState::pending,
                 std::string(to_string(launched.state)));
  subject.expect_refused("a server that has never run is not stopped",
                         co_await ec2::stop_instances(subject.caller, {launched.id}),
                         "IncorrectInstanceState");
  const auto after = co_await look_at(subject, launched.id);
  subject.expect("a refused stop lets it come up",
                 after.state == InstanceState::pending || after.state == InstanceState::running,
                 std::string(to_string(after.state)));
}

CONTRACT(LeavesTheTerminatedAlone) {
  const auto server = co_await launch(subject);
  const auto reply =
      needed("TerminateInstances",
             co_await ask(subject, "TerminateInstances", {{"InstanceId.1", server.id.str()}}));
  const auto item = reply.root().child("instancesSet").child("item");
  subject.expect("a termination answers that the server is shutting down",
                 std::string(item.child("currentState").child_value("name")) == "shutting-down",
                 item.child("currentState").child_value("name"));
  co_await until(subject, server.id, InstanceState::terminated);
  subject.expect_refused("a terminated server is not stopped",
                         co_await ec2::stop_instances(subject.caller, {server.id}),
                         "IncorrectInstanceState");
  subject.expect_refused("a terminated server is not started",
                         co_await ec2::start_instances(subject.caller, {server.id}),
                         "IncorrectInstanceState");
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a terminated server stays terminated", after.state == InstanceState::terminated,
                 std::string(to_string(after.state)));
}

CONTRACT(StopsAllOrNone) {
  const auto server = co_await launch(subject);
  const InstanceId nobody("i-0123456789abcdef0");
  subject.expect_refused("a stop of an unknown server among others is refused",
                         co_await ec2::stop_instances(subject.caller, {server.id, nobody}),
                         "InvalidInstanceID.NotFound");
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a refused stop stops none of them", after.state == InstanceState::running,
                 std::string(to_string(after.state)));
}

CONTRACT(StartsAllOrNone) {
  const auto server = co_await launch(subject);
  const auto gone = co_await launch(subject);
  co_await stop(subject, server.id);
  co_await terminate(subject, gone.id);
  const InstanceId nobody("i-0123456789abcdef0");
  subject.expect_refused("a start of an unknown server among others is refused",
                         co_await ec2::start_instances(subject.caller, {server.id, nobody}),
                         "InvalidInstanceID.NotFound");
  subject.expect_refused("a start of a terminated server among others is refused",
                         co_await ec2::start_instances(subject.caller, {server.id, gone.id}),
                         "IncorrectInstanceState");
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a refused start starts none of them", after.state == InstanceState::stopped,
                 std::string(to_string(after.state)));
}

CONTRACT(StartsNoServerWithoutARoot) {
  const auto server = co_await launch(subject);
  co_await stop(subject, server.id);
  const auto root = root_of(server);
  needed("DetachVolume", co_await ec2::detach_volume(subject.caller, root, server.id));
  co_await until(subject, root, "available");
  subject.expect_refused("a server without its root volume is not started",
                         co_await ec2::start_instances(subject.caller, {server.id}),
                         "InvalidParameterValue");
  needed("AttachVolume",
         co_await ec2::attach_volume(subject.caller, root, server.id, server.root_device_name));
  co_await until(subject, root, "in-use");
  co_await start(subject, server.id);
}

}  // namespace
}  // namespace pitstop::test
