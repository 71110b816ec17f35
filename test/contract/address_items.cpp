// What becomes of a server's public address.

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

CONTRACT(KeepsElasticAddresses) {
  const auto server = co_await launch(subject);
  const auto reply =
      needed("AllocateAddress", co_await ask(subject, "AllocateAddress", {{"Domain", "vpc"}}));
  const std::string allocation = reply.root().child_value("allocationId");
  const std::string ip = reply.root().child_value("publicIp");
  needed("AssociateAddress",
         co_await ec2::associate_address(subject.caller, allocation, server.id));
  const auto with = co_await look_at(subject, server.id);
  subject.expect("a server shows its elastic address", with.public_ip == ip, with.public_ip);
  subject.expect(
      "an elastic address is told from a passing one",
      !with.network_interfaces.empty() && with.network_interfaces[0].public_ip_is_elastic,
      "it is not");
  co_await stop(subject, server.id);
  const auto addresses =
      needed("DescribeAddresses", co_await ec2::describe_addresses(subject.caller, {server.id}));
  subject.expect("a stopped server keeps its elastic address",
                 addresses.size() == 1 && addresses[0].public_ip == ip &&
                     addresses[0].allocation == allocation && addresses[0].instance == server.id,
                 std::to_string(addresses.size()) + " addresses");
  const auto after = co_await start(subject, server.id);
  subject.expect("a started server has its elastic address again", after.public_ip == ip,
                 after.public_ip);
}

CONTRACT(MovesElasticAddresses) {
  const auto one = co_await launch(subject);
  const auto two = co_await launch(subject);
  const auto reply =
      needed("AllocateAddress", co_await ask(subject, "AllocateAddress", {{"Domain", "vpc"}}));
  const std::string allocation = reply.root().child_value("allocationId");
  const std::string ip = reply.root().child_value("publicIp");
  needed("AssociateAddress", co_await ec2::associate_address(subject.caller, allocation, one.id));
  needed("a second AssociateAddress",
         co_await ec2::associate_address(subject.caller, allocation, two.id));
  const auto left = co_await look_at(subject, one.id);
  const auto moved = co_await look_at(subject, two.id);
  subject.expect("an elastic address moves to another server",
                 moved.public_ip == ip && left.public_ip != ip,
                 moved.public_ip + " and " + left.public_ip);
  subject.expect_refused(
      "an unknown allocation is not associated",
      co_await ec2::associate_address(subject.caller, "eipalloc-0123456789abcdef0", one.id),
      "InvalidAllocationID.NotFound");
}

CONTRACT(AssociatesNoAddressTooEarly) {
  const auto reply =
      needed("AllocateAddress", co_await ask(subject, "AllocateAddress", {{"Domain", "vpc"}}));
  const auto launched =
      needed("RunInstances", co_await ec2::run_instance(subject.caller, small_server(subject)));
  subject.expect_refused("a pending server gets no elastic address",
                         co_await ec2::associate_address(
                             subject.caller, reply.root().child_value("allocationId"), launched.id),
                         "InvalidInstanceID");
}

CONTRACT(ChangesPassingAddresses) {
  const auto reply = needed(
      "RunInstances", co_await ask(subject, "RunInstances",
                                   {{"ImageId", small_server(subject).image.str()},
                                    {"MinCount", "1"},
                                    {"MaxCount", "1"},
                                    {"InstanceType", "t3.micro"},
                                    {"NetworkInterface.1.DeviceIndex", "0"},
                                    {"NetworkInterface.1.AssociatePublicIpAddress", "true"}}));
  const InstanceId id(reply.root().child("instancesSet").child("item").child_value("instanceId"));
  const auto first = co_await until(subject, id, ec2::InstanceState::running);
  subject.expect("a server has the public address that was asked for", !first.public_ip.empty(),
                 "none");
  subject.expect(
      "a passing address is told from an elastic one",
      !first.network_interfaces.empty() && !first.network_interfaces[0].public_ip_is_elastic,
      "it is not");
  const auto stopped = co_await stop(subject, id);
  subject.expect("a stop takes a passing address away", stopped.public_ip.empty(),
                 stopped.public_ip);
  const auto second = co_await start(subject, id);
  subject.expect("a start gives another passing address",
                 !second.public_ip.empty() && second.public_ip != first.public_ip,
                 second.public_ip);
}

}  // namespace
}  // namespace pitstop::test
